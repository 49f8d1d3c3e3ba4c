"""The auditor's commands: what they say, and the exit code that a script goes by."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result

from gateway.domain.reports import FORMULAS
from tests.commands import passgate, settings_of
from tests.database import Database
from tests.ledgers import grant
from tests.plans import hybrid_plan
from tests.shops import Shop, open_shop, opened

SLUG = "cafe"
ENDS = datetime(2126, 7, 1, 12, tzinfo=UTC)
TOO_MUCH = "UPDATE accounts SET balance = balance + 3 WHERE account = 'available'"
ANOTHER_DELTA = "UPDATE entries SET delta = delta + 1 WHERE seq = 2"
A_CUT_TAIL = "DELETE FROM transactions WHERE number = 4"


@pytest.fixture
async def shop(database: Database) -> Shop:
    """A shop whose only card has four stamps and a hundred points."""
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books, slug=SLUG, plan=hybrid_plan())
        await shop.fill(4)
        await grant(shop, shop.cards[0], 100, expires_at=ENDS)
    return shop


@pytest.fixture
def settings(database: Database, shop: Shop) -> dict[str, str]:
    """The settings of the installation that the shop is on."""
    assert shop.cards
    return settings_of(database)


def forge(database: Database, statement: str) -> None:
    """Change the books as only the database's administrator could."""

    async def change() -> None:
        connection = await asyncpg.connect(database.superuser_dsn)
        await connection.execute(f"SET session_replication_role = replica; {statement}")
        await connection.close()

    asyncio.run(change())


def ledger(*words: str, settings: dict[str, str]) -> Result:
    """Run a command about the shop's ledger."""
    return passgate("ledger", *words, f"--merchant={SLUG}", settings=settings)


def test_sound_books_are_said_to_be_sound(settings: dict[str, str]) -> None:
    """Each question is answered in a sentence, and with 0."""
    commands = (("invariants",), ("verify",), ("rebuild", "--check"))
    answers = [ledger(*words, settings=settings) for words in commands]

    assert [answer.exit_code for answer in answers] == [0, 0, 0]
    said = [answer.output for answer in answers]
    assert said[0] == "Every invariant holds.\n"
    assert said[1].startswith("1 cards, 5 transactions, 0 checkpoints\n")
    assert said[1].endswith("The ledger is what was written.\n")
    assert said[2] == "Every projection is what it should be.\n"


def test_a_wrong_balance_is_named_and_mended(settings: dict[str, str], database: Database) -> None:
    """A script stops at 1; rebuilding says what changed, and then all is well again."""
    forge(database, TOO_MUCH)

    for words in (("invariants",), ("rebuild", "--check")):
        wrong = ledger(*words, settings=settings)
        assert wrong.exit_code == 1
        assert "I2_accounts_equal_their_entries" in wrong.output

    mended = ledger("rebuild", settings=settings)
    assert mended.exit_code == 0
    assert "changed" in mended.output
    assert ledger("invariants", settings=settings).exit_code == 0
    again = ledger("rebuild", settings=settings)
    assert {line.partition(": ")[2] for line in again.output.splitlines()} == {"0 changed"}


@pytest.mark.parametrize("statement", [ANOTHER_DELTA, A_CUT_TAIL])
def test_what_was_altered_or_cut_fails_the_verification(
    settings: dict[str, str], database: Database, statement: str
) -> None:
    """In the live database, with 1 and a sentence about where."""
    forge(database, statement)

    refused = ledger("verify", settings=settings)

    assert refused.exit_code == 1
    assert "card " in refused.output
    assert "is what was written" not in refused.output


def test_an_export_is_verified_without_any_server(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """No setting is needed for it: an auditor has only the file."""
    file = tmp_path / "ledger.jsonl"
    signed = ledger("checkpoint", settings=settings)
    exported = ledger("export", str(file), settings=settings)

    verified = passgate("ledger", "verify", f"--export={file}")

    assert (signed.output, exported.exit_code) == ("Checkpoint 1.\n", 0)
    assert verified.exit_code == 0, verified.output
    assert verified.output.startswith("1 cards, 5 transactions, 1 checkpoints\nsigned with ")
    assert b"example.org" not in file.read_bytes()


def test_an_altered_export_is_found_out(settings: dict[str, str], tmp_path: Path) -> None:
    """Whether a number changed, the end is missing, or a line is no line at all."""
    file = tmp_path / "ledger.jsonl"
    ledger("checkpoint", settings=settings)
    ledger("export", str(file), settings=settings)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    altered = (
        whole.replace(b'"earn"', b'"adjust"', 1),
        b"".join(lines[:-1]),
        b"".join([*lines[:-1], b"{}\n"]),
    )

    for content in altered:
        file.write_bytes(content)
        refused = passgate("ledger", "verify", f"--export={file}")
        assert content != whole
        assert refused.exit_code == 1, refused.output
        assert "is what was written" not in refused.output
        assert "Traceback" not in refused.output


def test_a_checkpoint_is_signed_once_per_growth(settings: dict[str, str]) -> None:
    """The second says that there is nothing to sign."""
    said = [ledger("checkpoint", settings=settings).output for _ in range(2)]

    assert said == ["Checkpoint 1.\n", "Nothing grew.\n"]
    verified = ledger("verify", settings=settings)
    assert "1 checkpoints\nsigned with " in verified.output


def test_verifying_needs_to_be_told_what() -> None:
    """Either the live ledger or an export."""
    refused = passgate("ledger", "verify")

    assert refused.exit_code == 1
    assert "either --merchant or --export" in refused.output


def test_a_merchant_that_is_not_there_is_said_so(settings: dict[str, str]) -> None:
    """In a sentence."""
    refused = passgate("ledger", "invariants", "--merchant=nobody", settings=settings)

    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_a_report_is_a_table_with_its_formulas(settings: dict[str, str], shop: Shop) -> None:
    """A column per unit, what ends when, and how each number comes about."""
    today = datetime.now(UTC).date()
    words = (f"--since={today - timedelta(days=1)}", f"--until={today + timedelta(days=2)}")

    told = ledger("report", f"--program={shop.program.id}", *words, settings=settings)

    assert told.exit_code == 0, told.output
    rows = {line.split()[0]: line.split()[1:] for line in told.output.splitlines() if line.strip()}
    assert rows["point"] == ["stamp"]
    assert rows["issued"] == ["100", "4"]
    assert rows["closing"] == ["100", "4"]
    assert rows["value_per_unit"] == ["1", "-"]
    assert rows["liability"] == ["(EUR)", "1.00", "-"]
    assert rows["2126-07-01"] == ["100", "point"]
    assert rows["never"] == ["4", "stamp"]
    for name, formula in FORMULAS.items():
        assert f"{name}: {formula}" in told.output


def test_a_report_about_no_time_is_refused(settings: dict[str, str], shop: Shop) -> None:
    """With the sentence that the API says, too."""
    words = ("--since=2026-02-01", "--until=2026-02-01")

    refused = ledger("report", f"--program={shop.program.id}", *words, settings=settings)

    assert refused.exit_code == 1
    assert "ends after it begins" in refused.output
