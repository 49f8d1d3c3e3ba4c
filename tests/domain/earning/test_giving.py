"""Giving: points, punches and stamps for a visit or a sale, each with its explanation."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.ledger import Account
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.outcomes import Day, Explanation
from gateway.domain.rules.plan import Rounding, RoundingMode, RoundingScope, Rule, TaxMode
from gateway.domain.rules.stamps import EarnBasis, Milestone, Surplus, ValidHours
from tests.domain.earning.tills import (
    COFFEE,
    NOON,
    TODAY,
    basket,
    card,
    holding,
    judge,
    line,
    points,
    punches,
    said,
    sale,
    stamps,
    stamps_per,
    version,
)

PER_LINE = Rounding(scope=RoundingScope.PER_LINE)
PASTRY = line(500, "pastry")


def test_105_dollars_at_1_per_10_are_10_points() -> None:
    """Square's example: rounded once, at the end, down."""
    plan = version(points("0.1"), currency="USD")
    assert judge(plan, sale(10_500, currency="USD")).given == {("points", "point"): 10}


@pytest.mark.parametrize(("rounding", "given"), [(Rounding(), 14), (PER_LINE, 12)])
def test_three_times_4_99_are_14_points_per_order_and_12_per_line(
    rounding: Rounding, given: int
) -> None:
    """The choice is the version's."""
    plan = version(points(), rounding=rounding)
    outcome = judge(plan, basket(*[line(499)] * 3))
    assert outcome.given == {("points", "point"): given}


@pytest.mark.parametrize(
    ("mode", "given"),
    [(RoundingMode.FLOOR, 1), (RoundingMode.HALF_UP, 2), (RoundingMode.CEILING, 2)],
)
def test_a_version_says_how_half_a_point_is_rounded(mode: RoundingMode, given: int) -> None:
    """Down, half up, or up."""
    plan = version(points(), rounding=Rounding(mode=mode))
    assert judge(plan, sale(150)).given == {("points", "point"): given}


@pytest.mark.parametrize(("mode", "given"), [(TaxMode.BEFORE_TAX, 10), (TaxMode.AFTER_TAX, 11)])
def test_tax_counts_or_not(mode: TaxMode, given: int) -> None:
    """11.70 with 1.70 of tax."""
    outcome = judge(version(points(), tax_mode=mode), basket(line(1_170, tax=170)))
    assert outcome.given == {("points", "point"): given}


def test_tips_and_shipping_do_not_earn() -> None:
    """Nor are they counted as spent."""
    outcome = judge(version(points()), basket(line(300, "tips"), line(200, "shipping"), PASTRY))
    assert outcome.given == {("points", "point"): 5}
    assert outcome.day is not None
    assert outcome.day.spent == 500


def test_the_minimum_purchase_is_said_in_money() -> None:
    """The sale is recorded all the same, because it was spent."""
    outcome = judge(version(punches(minimum_purchase_amount=350)), sale(320))

    explanation = said(outcome, "punches")
    assert (explanation.matched, explanation.reason) == (False, "below_minimum")
    assert explanation.sentence == "Minimum purchase is 3.50, paid 3.20"
    assert outcome.refusal is None
    assert not outcome.transfers
    assert judge(version(punches(minimum_purchase_amount=350)), sale(350)).given


def test_the_minimum_is_of_what_counts_for_the_rule() -> None:
    """A tip does not help, nor does what is of another category."""
    plan = version(punches(minimum_purchase_amount=350, category_filter="pastry"))
    assert not judge(plan, basket(line(300, "pastry"), line(900, "tips"), line(900))).given
    assert judge(plan, basket(PASTRY, line(1))).given


def test_a_minimum_of_a_currency_without_cents() -> None:
    """Yen are written whole, and thousands apart."""
    plan = version(points(minimum_purchase_amount=5_000), currency="JPY")
    outcome = judge(plan, sale(4_999, currency="JPY"))
    assert said(outcome, "points").sentence == "Minimum purchase is 5,000, paid 4,999"


@pytest.mark.parametrize(
    ("rule", "bought", "reason"),
    [
        (points(category_filter="books"), basket(PASTRY), "nothing_counts"),
        (points(), sale(0), "nothing_counts"),
        (points(), basket(line(500, "tips")), "nothing_counts"),
        (points(), sale(99), "too_little"),
        (stamps_per(EarnBasis.PER_ITEM, 2), sale(500), "too_little"),
        (stamps(category_filter="books"), basket(PASTRY), "nothing_counts"),
        (punches(valid_hours=ValidHours(start=7, end=9)), sale(500), "outside_hours"),
    ],
)
def test_a_sale_that_earns_nothing_is_recorded_and_explained(
    rule: Rule, bought: object, reason: str
) -> None:
    """What was spent counts, and nothing else of the day changes."""
    outcome = judge(version(rule), bought)  # type: ignore[arg-type]
    assert said(outcome, rule.key).reason == reason
    assert not said(outcome, rule.key).matched
    assert (said(outcome, rule.key).wanted, said(outcome, rule.key).given) == (0, 0)
    assert (outcome.refusal, outcome.transfers, outcome.given) == (None, (), {})
    assert outcome.last_earned_at is None
    assert outcome.day is not None
    assert (outcome.day.earnings, outcome.day.visits) == (0, 0)


@pytest.mark.parametrize(("hour", "given"), [(21, 0), (22, 1), (23, 1), (1, 1), (2, 0), (12, 0)])
def test_valid_hours_go_past_midnight_by_the_locations_clock(hour: int, given: int) -> None:
    """From 22 to 2 in Luxembourg, which is an hour ahead in winter."""
    plan = version(punches(valid_hours=ValidHours(start=22, end=2)))
    now = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(hours=hour - 1 + 24)
    assert sum(judge(plan, sale(500), now=now).given.values()) == given


def test_a_visit_gives_stamps_and_punches_that_need_no_amount() -> None:
    """Each as much as its rule says."""
    plan = version(stamps_per(EarnBasis.PER_VISIT, 2), punches(unit="visit"))
    outcome = judge(plan)
    assert outcome.given == {("stamps", "stamp"): 2, ("punches", "visit"): 1}
    assert outcome.last_earned_at == NOON


def test_categories_rules_and_units_go_side_by_side() -> None:
    """A hybrid card gives stamps for coffee and points for all."""
    plan = version(
        stamps_per(EarnBasis.PER_ITEM, 1, unit="coffee", category_filter="coffee"), points()
    )
    outcome = judge(plan, basket(line(700, "coffee", quantity=2), PASTRY))
    assert outcome.given == {("stamps", "coffee"): 2, ("points", "point"): 12}


def test_what_is_too_little_for_a_stamp_is_carried_on() -> None:
    """3.00 twice at 5.00 a stamp: nothing, then one and 1.00 left."""
    plan = version(stamps_per(EarnBasis.PER_DOLLAR, 500, carry=True))
    first = judge(plan, sale(300))
    assert first.given == {("stamps", "remainder:stamps"): 300}
    assert said(first, "stamps").reason == "carried"
    assert said(first, "stamps").matched
    second = judge(plan, sale(300), holding("remainder:stamps", 300))
    assert second.given == {("stamps", "stamp"): 1, ("stamps", "remainder:stamps"): -200}
    assert {(each.unit, each.source) for each in second.transfers} == {
        ("stamp", Account.ISSUED),
        ("remainder:stamps", Account.AVAILABLE),
    }


def test_what_is_too_little_for_a_stamp_is_dropped_otherwise() -> None:
    """The version says which."""
    plan = version(stamps_per(EarnBasis.PER_DOLLAR, 500))
    assert judge(plan, sale(900)).given == {("stamps", "stamp"): 1}


@pytest.mark.parametrize(("surplus", "given"), [(Surplus.CARRY, 5), (Surplus.DISCARD, 2)])
def test_stamps_beyond_a_full_card_go_on_the_next_or_are_lost(
    surplus: Surplus, given: int
) -> None:
    """Five stamps on a card that has eight of ten."""
    plan = version(stamps_per(EarnBasis.PER_VISIT, 5, surplus=surplus))
    outcome = judge(plan, None, holding("stamp", 7, 1))
    assert outcome.given == {("stamps", "stamp"): given}
    expected = ("given", "") if given == 5 else ("surplus_discarded", "2 of 5: the card is full.")
    assert (said(outcome, "stamps").reason, said(outcome, "stamps").sentence) == expected


def test_rewards_on_the_way_are_given_as_they_are_passed() -> None:
    """Both of this card, and the first of the next one again."""
    ways = (
        Milestone(key="third", at=3, reward=COFFEE),
        Milestone(key="sixth", at=6, reward=COFFEE),
    )
    plan = version(stamps_per(EarnBasis.PER_VISIT, 12, intermediate_rewards=ways))
    outcome = judge(plan, None, holding("stamp", 2))
    assert outcome.given == {
        ("stamps", "stamp"): 12,
        ("stamps", "voucher:third"): 2,
        ("stamps", "voucher:sixth"): 1,
    }
    assert said(outcome, "third") == Explanation(
        rule="third",
        unit="voucher:third",
        matched=True,
        wanted=2,
        given=2,
        reason="milestone_reached",
        sentence=COFFEE.description,
    )
    assert outcome.rewards_earned == 4


def test_two_rules_of_one_unit_fill_one_card() -> None:
    """What the first gave counts for the second's rewards on the way and its surplus."""
    way = (Milestone(key="third", at=3, reward=COFFEE),)
    plan = version(
        stamps_per(EarnBasis.PER_VISIT, 2),
        punches(intermediate_rewards=way),
    )
    assert ("punches", "voucher:third") in judge(plan).given
    full = version(stamps_per(EarnBasis.PER_VISIT, 2), stamps(key="more", surplus=Surplus.DISCARD))
    outcome = judge(full, None, holding("stamp", 7))
    assert outcome.given == {("stamps", "stamp"): 2, ("more", "stamp"): 1}
    assert [transfer.amount for transfer in outcome.transfers] == [3]


@pytest.mark.parametrize(
    ("caps", "given", "sentence"),
    [
        ((("transaction", 5, None),), (5, 0), "5 of 10: at most 5 per transaction."),
        ((("transaction", 15, None),), (10, 5), ""),
        ((("day", 30, None),), (5, 0), "5 of 10: at most 30 per day."),
        ((("day", 30, "points"),), (10, 10), ""),
        ((("week", 28, None), ("transaction", 8, None)), (3, 0), "3 of 10: at most 28 per week."),
        ((("transaction", 8, None), ("day", 30, None)), (5, 0), "5 of 10: at most 30 per day."),
        ((("month", 10, None),), (0, 0), "0 of 10: at most 10 per month."),
        ((("program", 1_004, None),), (4, 0), "4 of 10: at most 1,004 per program."),
        ((("program", 900, None),), (0, 0), "0 of 10: at most 900 per program."),
        ((("day", 9, "more"),), (10, 0), ""),
    ],
)
def test_caps_hold_back_what_a_card_or_a_program_gave_already(
    caps: tuple[tuple[str, int, str | None], ...], given: tuple[int, int], sentence: str
) -> None:
    """The tightest holds; without a rule it is shared by all rules of the unit, in plan order."""
    plan = version(
        points(),
        points(key="more"),
        caps=tuple(
            Cap(unit="point", per=CapSpan(per), amount=amount, rule=rule)
            for per, amount, rule in caps
        ),
    )
    standing = card(
        days=(Day(day=TODAY, given={"points": 15, "more": 10}),), budgets={"point:": 1_000}
    )
    outcome = judge(plan, sale(1_000), standing)
    found = tuple(outcome.given.get((rule, "point"), 0) for rule in ("points", "more"))
    assert found == given
    assert said(outcome, "points").wanted == 10
    assert said(outcome, "points").sentence == sentence


def test_a_cap_of_stamps_says_so_to_a_visit() -> None:
    """What was wanted stands beside what was given."""
    plan = version(
        stamps_per(EarnBasis.PER_VISIT, 3),
        caps=(
            Cap(unit="stamp", per=CapSpan.DAY, amount=2),
            Cap(unit="point", per=CapSpan.DAY, amount=1),
        ),
    )
    explanation = said(judge(plan), "stamps")
    assert (explanation.wanted, explanation.given, explanation.reason) == (3, 2, "capped")


def test_what_just_fits_was_not_held_back() -> None:
    """Neither by a cap nor by a full card."""
    cap = Cap(unit="stamp", per=CapSpan.DAY, amount=3)
    rule = stamps_per(EarnBasis.PER_VISIT, 3, surplus=Surplus.DISCARD)
    explanation = said(judge(version(rule, caps=(cap,)), None, holding("stamp", 7)), "stamps")
    assert (explanation.given, explanation.reason) == (3, "given")


def test_the_change_of_a_programs_budget_is_told() -> None:
    """Only of what has a budget, and only when it changes."""
    plan = version(
        points(),
        stamps(),
        caps=(
            Cap(unit="point", per=CapSpan.PROGRAM, amount=100, rule="points"),
            Cap(unit="stamp", per=CapSpan.DAY, amount=2),
        ),
    )
    assert judge(plan, sale(1_000)).budgets == {"point:points": 10}
    assert judge(plan).budgets == {}
