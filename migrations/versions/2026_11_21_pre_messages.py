"""Google Wallet, messages, campaigns and webhooks join."""

from migrations.scripts import execute_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add their tables, and move each customer's address to a table of addresses."""
    execute_script("0002_tables.sql")
    execute_script("0002_rights.sql")
