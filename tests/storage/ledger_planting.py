"""Bugs to plant in a ledger, which the machine has to find."""

from dataclasses import dataclass

import asyncpg

from tests.database import Database

_FUNCTIONS = ("ledger_read", "ledger_write", "take_from_lots")
_SOONEST_FIRST = """ORDER BY x.expires_at NULLS LAST, x.earned_at, x.transaction_id, x.number
             LIMIT 50"""
_NEWEST_FIRST = """ORDER BY x.expires_at DESC NULLS FIRST, x.earned_at DESC
             LIMIT 50"""
_FORGET_WHAT_WAS_GIVEN = """
    CREATE FUNCTION forget_what_was_given() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.given := OLD.given; RETURN NEW; END $$;
    CREATE TRIGGER forget_what_was_given BEFORE UPDATE ON sales
    FOR EACH ROW EXECUTE FUNCTION forget_what_was_given();
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A bug: texts of the ledger's functions with what replaces them, or a statement.

    `kind` names a program with which it shows.
    """

    name: str
    kind: str
    changes: tuple[tuple[str, str], ...] = ()
    statement: str = ""


PLANTED = (
    Planted(
        name="ignores the version", kind="stamps", changes=(("AND c.version = i.version", ""),)
    ),
    Planted(
        name="forgets keys",
        kind="stamps",
        changes=(
            ("AND k.key = i.key;", "AND k.key = i.key AND false;"),
            ("CASE WHEN FOUND THEN 'done' ELSE 'replayed' END", "'done'"),
        ),
    ),
    Planted(
        name="single entry",
        kind="stamps",
        changes=(
            (
                "SELECT * FROM moved ORDER BY",
                "SELECT * FROM moved WHERE account <> 'issued' ORDER BY",
            ),
            ("IF lines <> jsonb_array_length(i.moves) THEN", "IF false THEN"),
        ),
    ),
    Planted(
        name="counts no version",
        kind="stamps",
        changes=(("SET version = c.version + 1, last", "SET version = c.version, last"),),
    ),
    Planted(
        name="takes the newest lots", kind="points", changes=((_SOONEST_FIRST, _NEWEST_FIRST),)
    ),
    Planted(
        name="returns a new lot",
        kind="points",
        changes=(("FROM consumptions s WHERE", "FROM consumptions s WHERE false AND"),),
    ),
    Planted(name="refunds twice", kind="points", statement=_FORGET_WHAT_WAS_GIVEN),
)

LOCKS_NO_BUDGET = Planted(
    name="locks no budget",
    kind="hybrid",
    changes=(
        ("IF part ? 'budgets' THEN", "IF false THEN"),
        # Others get to see what is left before it is less.
        (
            "IF i.budgets IS NOT NULL THEN",
            "IF i.budgets IS NOT NULL THEN PERFORM pg_sleep(0.05);",
        ),
    ),
)
"""Only a race shows it, for which the machine would have to look very long."""


async def plant(database: Database, bug: Planted) -> None:
    """Break the ledger of a database."""
    connection = await asyncpg.connect(database.superuser_dsn)
    planted = 0
    for name in _FUNCTIONS:
        query = "SELECT pg_get_functiondef($1::regproc)"
        definition = str(await connection.fetchval(query, name))
        for right, wrong in bug.changes:
            planted += definition.count(right)
            definition = definition.replace(right, wrong)
        await connection.execute(definition)
    if bug.statement:
        await connection.execute(bug.statement)
    await connection.close()
    assert planted == len(bug.changes), "each place is found once"
