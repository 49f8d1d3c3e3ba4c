"""Every kind of program, lots, sales, a catalogue of rewards and a chained ledger join."""

from migrations.scripts import execute_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Carry stamp cards over: their rule becomes a plan, their stamps lots, their past a chain."""
    execute_script("0003_tables.sql")
    execute_script("0003_rights.sql")
    execute_script("0003_ledger.sql")
    execute_script("0003_programs.sql")
