"""Runs a reviewed SQL script inside the migration's transaction."""

from pathlib import Path

from alembic import op

_FOLDER = Path(__file__).parent / "sql"


def execute_script(name: str) -> None:
    """Run every statement of `migrations/sql/<name>` on the migration's own connection."""
    script = (_FOLDER / name).read_text()
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    connection.run_async(lambda asyncpg: asyncpg.execute(script))
