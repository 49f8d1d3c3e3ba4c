"""The first schema: merchants to deliveries, the ledger's functions, partitions and rights."""

from migrations.scripts import execute_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything the first slice stands on."""
    execute_script("0001_tables.sql")
    execute_script("0001_ledger.sql")
    execute_script("0001_passes.sql")
    execute_script("0001_rights.sql")
    execute_script("0001_partitions.sql")
