"""The command line to test with: an installation's settings, and what a person types."""

import base64

from click.testing import CliRunner, Result

from gateway.cli import main
from tests.database import Database


def settings_of(database: Database) -> dict[str, str]:
    """Return an installation's settings, on a test's database."""
    return {
        "PASSGATE_ENVIRONMENT": "development",
        "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
        "PASSGATE_DATABASE_URL": database.app_dsn,
        "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
        "PASSGATE_OWNER_DATABASE_URL": database.owner_dsn,
        "PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0",
        "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
        "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
    }


def passgate(*words: str, settings: dict[str, str] | None = None, typed: str = "") -> Result:
    """Run a command as a person would."""
    return CliRunner().invoke(main, words, env=settings or {}, input=typed)
