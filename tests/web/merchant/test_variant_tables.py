"""Variants side by side: what differs, what each did, and when not to believe it."""

from dataclasses import replace
from uuid import UUID

from gateway.domain.programs import Look, ProgramVersion
from gateway.services.merchants.experimenting import Arm, Findings
from gateway.storage.cards.experiment_figures import VariantFigures
from gateway.storage.cards.experiments import HELD_OUT
from gateway.web.merchant.variant_tables import VariantTable, differences, variant_table
from tests.plans import points_plan, stamp_plan

TEN = ProgramVersion(
    id=UUID(int=1),
    program_id=UUID(int=9),
    number=1,
    name="Card",
    plan=stamp_plan(10),
    look=Look(),
)
EIGHT = replace(TEN, id=UUID(int=2), number=2, plan=stamp_plan(8))
BUSY = VariantFigures(members=40, active=30, visits=90, redeemed=4)
QUIET = VariantFigures(members=50, active=25, visits=50, redeemed=1)


def test_the_columns_say_what_differs_and_how_each_did() -> None:
    """In all and for each customer; what all have in common is not said."""
    table = _table(QUIET, BUSY, VariantFigures(), now=TEN)
    assert [(column.name, column.holds) for column in table.columns] == [
        ("A", True),
        ("B", False),
        ("Left out", False),
    ]
    rows = {row.label: [(cell.text, cell.small) for cell in row.cells] for row in table.rows}
    assert rows == {
        "Stamps": [("10", ""), ("8", ""), ("10", "")],
        "Share": [("45 %", ""), ("44.5 %", ""), ("10.5 %", "")],
        "Customers": [("50", ""), ("40", ""), ("0", "")],
        "Came": [("25", "50 % of them"), ("30", "75 % of them"), ("–", "")],
        "Visits": [("50", "1.00 each"), ("90", "2.25 each"), ("–", "")],
        "Rewards": [("1", "0.02 each"), ("4", "0.10 each"), ("–", "")],
    }
    assert list(table.warning) == []


def test_points_and_money_stand_there_once_there_are_any() -> None:
    """Money with its digits."""
    spending = replace(QUIET, points=75, spent=12_345)
    rows = {row.label: row.cells for row in _table(spending, BUSY, BUSY, now=TEN).rows}
    assert (rows["Points"][0].text, rows["Points"][0].small) == ("75", "1.50 each")
    assert (rows["Spent"][0].text, rows["Spent"][0].small) == ("123.45 EUR", "2.47 EUR each")


def test_shares_that_cannot_be_chance_are_warned_of_in_plain_words() -> None:
    """With how many there are and how many there should be."""
    first, counts, odds, last = _table(QUIET, BUSY, BUSY, now=TEN, is_mismatch=True).warning
    assert first.startswith("Do not decide by these numbers")
    assert counts == (
        "Of 130 customers 50 got A instead of about 58, 40 got B instead of about 58, "
        "40 are left out instead of about 14."
    )
    assert "fewer than one of a thousand" in odds
    assert "begin a new trial" in last


def test_what_was_changed_meanwhile_is_what_the_left_out_have() -> None:
    """And then neither variant is what the program promises."""
    table = _table(QUIET, BUSY, QUIET, now=replace(TEN, plan=stamp_plan(12)))
    assert not any(column.holds for column in table.columns)
    assert [cell.text for cell in table.rows[0].cells] == ["10", "8", "12"]


def test_a_difference_is_short_and_of_another_kind_of_rule_too() -> None:
    """A setting that one of them does not have is a dash."""
    assert differences(EIGHT, TEN) == "Stamps 8 instead of 10"
    assert differences(replace(TEN, name="Club"), TEN) == "Name Club instead of Card"
    points = replace(TEN, plan=points_plan())
    assert "Points for 1.00 1 instead of –" in differences(points, TEN)
    assert differences(TEN, TEN) == ""


def test_what_has_no_words_is_told_to_differ_all_the_same() -> None:
    """Colours, or a setting that is written in the plan alone."""
    blue = replace(EIGHT, look=Look(background="#1d2f5e"))
    assert differences(blue, TEN) == "Stamps 8 instead of 10, other settings"
    patient = replace(TEN, plan=replace(TEN.plan, grace_days=7))
    assert differences(patient, TEN) == "other settings"
    table = _table(QUIET, BUSY, QUIET, now=patient)
    also = next(row for row in table.rows if row.label == "Also")
    assert [cell.text for cell in also.cells] == ["–", "–", "other settings"]


def _table(
    held: VariantFigures,
    rival: VariantFigures,
    left: VariantFigures,
    *,
    now: ProgramVersion,
    is_mismatch: bool = False,
) -> VariantTable:
    arms = (
        Arm(key="a", weight=4_500, figures=held),
        Arm(key="b", weight=4_450, figures=rival),
        Arm(key=HELD_OUT, weight=1_050, figures=left),
    )
    found = Findings(arms=arms, p=0.5, is_mismatch=is_mismatch)
    return variant_table(found, {"a": TEN, "b": EIGHT}, now)
