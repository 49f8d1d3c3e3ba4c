"""A report as text: every number in its column, money with its own digits, nothing guessed."""

from datetime import date

import pytest

from gateway.domain.reports import FORMULAS, Deadline, Flow, Valuation
from gateway.presenters.report_tables import report_table

VALUED = Valuation(
    value_per_unit=None,
    liability=1_234_567,
    redemption_rate=None,
    breakage=None,
    cohort_breakage=None,
)


def rows_of(text: str) -> dict[str, list[str]]:
    """Return the cells of each line by its first one."""
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line}


@pytest.mark.parametrize(
    ("currency", "written"), [("EUR", "12,345.67"), ("JPY", "1,234,567"), ("KWD", "1,234.567")]
)
def test_money_has_the_digits_of_its_currency(currency: str, written: str) -> None:
    """Everything else is a whole number with its thousands."""
    text = report_table([(Flow(unit="point", issued=20_000), VALUED)], [], currency)

    assert rows_of(text)["liability"] == [f"({currency})", written]
    assert rows_of(text)["issued"] == ["20,000"]


def test_what_nobody_knows_is_a_dash() -> None:
    """It is neither nothing nor empty."""
    text = report_table([(Flow(unit="point"), VALUED)], [], "EUR")

    assert rows_of(text)["value_per_unit"] == ["-"]


def test_every_number_stands_under_its_unit_and_is_explained() -> None:
    """Columns end at the same place, and no formula is left out."""
    columns = [(Flow(unit="point", issued=5), VALUED), (Flow(unit="stamp", issued=1_000), VALUED)]
    deadlines = [Deadline("point", date(2026, 7, 1), 3), Deadline("stamp", None, 40)]

    table, ends, formulas = report_table(columns, deadlines, "EUR").split("\n\n")

    assert len({len(line) for line in table.splitlines()}) == 1
    assert rows_of(table)["issued"] == ["5", "1,000"]
    assert rows_of(ends)["2026-07-01"] == ["3", "point"]
    assert rows_of(ends)["never"] == ["40", "stamp"]
    assert formulas.splitlines() == [f"{name}: {said}" for name, said in FORMULAS.items()]


def test_where_nothing_moved_that_is_all_it_says() -> None:
    """No empty table."""
    assert report_table([], [], "EUR") == "Nothing moved."
