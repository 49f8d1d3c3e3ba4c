"""Evaluation: a visit or a sale from the door to what is posted and remembered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.earning.evaluation import evaluate
from gateway.domain.errors import AmountNeeded, BalanceLimit, Invalid, NothingToEarn
from gateway.domain.ledger import AMOUNT_MAX, BALANCE_MAX, Account, Transfer, after
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.happenings import Happening
from gateway.domain.rules.outcomes import Basis, Day, TierMove
from gateway.domain.rules.plan import Rule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import EarnBasis
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.rules.windows import Period
from tests.domain.earning.tills import (
    CLOCK,
    COFFEE,
    ID,
    NOON,
    TODAY,
    card,
    holding,
    judge,
    points,
    posted,
    punches,
    said,
    sale,
    stamps,
    stamps_per,
    version,
)

SPENDING = SpendingRule(threshold_amount=10_000, reward=COFFEE)
VISITS = VisitRule(visits_required=2, within_days=30, reward=COFFEE)


def tiers(measure: Measure, value: int = 100) -> TierRule:
    threshold = Threshold(type=measure, value=value, period=Period.LIFETIME)
    return TierRule(tiers=(Tier(key="gold", name="Gold", threshold=threshold),))


def test_a_first_visit_earns_a_stamp_and_says_everything_about_it() -> None:
    """What is posted, what the day becomes, what is remembered, and why."""
    outcome = judge(version(stamps()))

    assert outcome.refusal is None
    assert outcome.transfers == (Transfer("stamp", Account.ISSUED, Account.AVAILABLE, 1),)
    assert outcome.day == Day(day=TODAY, earnings=1, visits=1, given={"stamps": 1})
    assert outcome.last_earned_at == NOON
    assert outcome.given == {("stamps", "stamp"): 1}
    (explanation,) = outcome.explanations
    assert (explanation.rule, explanation.unit, explanation.matched) == ("stamps", "stamp", True)
    assert (explanation.wanted, explanation.given, explanation.reason) == (1, 1, "given")


def test_a_sale_keeps_what_it_was_judged_by() -> None:
    """Everything a refund needs later, and it can be written as JSON and read back."""
    plan = version(
        stamps_per(EarnBasis.PER_DOLLAR, 500, carry=True),
        points(),
        tiers(Measure.SPENDING),
        SPENDING,
        caps=(Cap(unit="point", per=CapSpan.DAY, amount=100),),
    )
    outcome = judge(plan, sale(1_234), card(tier="gold"))
    basis = outcome.basis
    assert basis is not None
    assert (basis.earned_at, basis.clock, basis.tier) == (NOON, CLOCK, "gold")
    assert (basis.headroom, basis.carried) == ({"point::day": 100}, {"stamps": 0})
    assert (basis.spent, basis.earned) == ({"": 1_234, "spending": 1_234}, True)
    assert msgspec.json.decode(msgspec.json.encode(basis), type=Basis) == basis


def test_a_day_has_one_visit_however_often_the_card_earns() -> None:
    """The second earning of a day is an earning, but no visit."""
    standing = posted(card(), judge(version(stamps())))
    outcome = judge(version(stamps()), None, standing)
    assert outcome.day == Day(day=TODAY, earnings=1, visits=0, given={"stamps": 1})
    twice = posted(standing, outcome)
    assert twice.days == (Day(day=TODAY, earnings=2, visits=1, given={"stamps": 2}),)
    assert (twice.totals.visits, twice.available("stamp")) == (1, 2)


def test_after_midnight_it_is_still_the_evenings_day() -> None:
    """At 02:00 with a cut-off at 4 the bar's visit belongs to yesterday."""
    night = datetime(2026, 3, 11, 1, tzinfo=UTC)
    outcome = judge(version(stamps()), now=night)
    assert outcome.day is not None
    assert outcome.day.day == TODAY


@pytest.mark.parametrize(
    ("available", "earned"), [(0, 0), (8, 0), (9, 1), (10, 0), (18, 0), (19, 1), (-1, 0)]
)
def test_a_reward_is_earned_with_the_last_stamp_of_each_card(available: int, earned: int) -> None:
    """Every tenth stamp, whether the rewards before were taken or not."""
    assert judge(version(stamps()), None, holding("stamp", available)).rewards_earned == earned


def test_what_is_held_back_makes_no_reward_yet_but_the_rest_does() -> None:
    """The tenth stamp is pending for three days."""
    plan = version(stamps(), pending_days=3, expiry=RollingExpiry(months=1, end_of_month=False))
    outcome = judge(plan, None, holding("stamp", 9))
    usable = NOON + timedelta(days=3)
    (transfer,) = outcome.transfers
    assert (transfer.destination, transfer.usable_from) == (Account.PENDING, usable)
    assert transfer.expires_at is not None
    assert transfer.expires_at > usable + timedelta(days=27)
    assert outcome.rewards_earned == 0


@pytest.mark.parametrize(
    "rule",
    [
        points(),
        punches(minimum_purchase_amount=350),
        punches(category_filter="coffee"),
        stamps(category_filter="coffee"),
        stamps_per(EarnBasis.PER_ITEM, 1),
        stamps_per(EarnBasis.PER_DOLLAR, 500),
        SPENDING,
        tiers(Measure.SPENDING),
    ],
)
def test_a_visit_under_rules_of_amounts_is_asked_for_the_amount(rule: Rule) -> None:
    """The refusal has each rule's own words."""
    outcome = judge(version(rule))
    assert isinstance(outcome.refusal, AmountNeeded)
    (saying,) = outcome.refusal.detail["explanations"]  # type: ignore[misc]
    assert (saying["rule"], saying["reason"]) == (rule.key, "amount_needed")  # type: ignore[has-type]
    assert (outcome.transfers, outcome.day) == ((), None)


def test_a_visit_to_which_no_rule_gives_anything_is_refused_with_the_reason() -> None:
    """A cap is reached, or the day's visit already counted."""
    capped = version(stamps(), caps=(Cap(unit="stamp", per=CapSpan.DAY, amount=1),))
    standing = posted(card(), judge(capped))
    refusal = judge(capped, None, standing).refusal
    assert isinstance(refusal, NothingToEarn)
    sentence = "0 of 1: at most 1 per day."
    assert refusal.sentence == sentence
    saying = {"rule": "stamps", "reason": "capped", "sentence": sentence}
    assert refusal.detail == {"explanations": [saying]}

    visits = version(VISITS)
    again = judge(visits, None, posted(card(), judge(visits)))
    assert isinstance(again.refusal, NothingToEarn)
    assert [each.reason for each in again.explanations] == ["visit_counted"]


def test_a_visit_that_one_rule_has_use_for_is_recorded() -> None:
    """Points need an amount, the stamp does not."""
    outcome = judge(version(points(), stamps()))
    assert outcome.refusal is None
    assert outcome.given == {("stamps", "stamp"): 1}
    assert said(outcome, "points").reason == "amount_needed"


def test_visits_that_only_count_earn_too() -> None:
    """The second day's visit is the reward, kept as a voucher."""
    plan = version(VISITS)
    first = judge(plan)
    assert (first.refusal, first.transfers) == (None, ())
    assert first.last_earned_at == NOON
    tomorrow = NOON + timedelta(days=1)
    second = judge(plan, None, posted(card(), first), tomorrow)
    assert second.given == {("visits", "voucher:visits"): 1}
    assert second.rewards_earned == 1
    assert second.day == Day(
        day=TODAY + timedelta(days=1), earnings=1, visits=1, given={"visits": 1}
    )


def test_spending_gives_its_reward_each_time_the_threshold_is_passed() -> None:
    """250 euros are two rewards, and 50 on the way to the third."""
    outcome = judge(version(SPENDING), sale(25_000))
    assert outcome.given == {("spending", "voucher:spending"): 2}
    assert outcome.memory["spending"].count == 5_000
    assert outcome.rewards_earned == 2


@pytest.mark.parametrize(
    ("measure", "value"), [(Measure.SPENDING, 5_000), (Measure.VISITS, 1), (Measure.POINTS, 50)]
)
def test_a_card_moves_up_at_once(measure: Measure, value: int) -> None:
    """The very purchase that reaches a tier moves the card, and its own points are by the old."""
    plan = version(points(), tiers(measure, value))
    move = TierMove(before=None, tier="gold", is_up=True)
    assert judge(plan, sale(5_000)).tier_move == move
    assert judge(plan, sale(5_000), card(tier="gold")).tier_move is None
    assert judge(version(points()), sale(5_000)).tier_move is None


def test_what_counts_towards_a_tier_says_so() -> None:
    """By spending, by visits, or not by itself."""
    assert said(judge(version(tiers(Measure.SPENDING)), sale(100)), "tiers").matched
    assert said(judge(version(tiers(Measure.VISITS))), "tiers").matched
    again = judge(
        version(stamps(), tiers(Measure.VISITS)), None, card(days=(Day(day=TODAY, visits=1),))
    )
    assert said(again, "tiers").reason == "nothing_for_tier"
    assert not said(judge(version(points(), tiers(Measure.POINTS)), sale(100)), "tiers").matched
    assert (
        said(judge(version(stamps(), tiers(Measure.SPENDING))), "tiers").reason == "amount_needed"
    )


@pytest.mark.parametrize(
    ("rule", "earns"),
    [
        (SPENDING, True),
        (VISITS, True),
        (tiers(Measure.SPENDING), True),
        (tiers(Measure.VISITS), True),
        (tiers(Measure.POINTS), False),
    ],
)
def test_a_sale_is_an_earning_when_a_rule_has_use_for_it(rule: Rule, *, earns: bool) -> None:
    """Even a second one on a day: its visit stays when the first is refunded."""
    visited = card(days=(Day(day=TODAY, earnings=1, visits=1),))
    outcome = judge(version(rule), sale(100), visited)
    assert outcome.day is not None
    assert (outcome.day.earnings, outcome.day.visits) == (int(earns), 0)
    assert (outcome.last_earned_at == NOON) is earns
    nothing = judge(version(rule), sale(0))
    assert nothing.day == Day(day=TODAY)


def test_a_sale_that_cannot_be_is_refused() -> None:
    """In another currency, or with more refunded than paid."""
    assert isinstance(judge(version(points()), sale(1, currency="USD")).refusal, Invalid)
    assert isinstance(judge(version(points()), sale(1, 2)).refusal, Invalid)


@pytest.mark.parametrize("account", ["available", "pending"])
def test_a_card_holds_so_much_and_no_more(account: str) -> None:
    """The last point that fits is given, one more is refused."""
    for held, fits in ((BALANCE_MAX - 10, True), (BALANCE_MAX - 9, False)):
        standing = holding("point", **{"available": 0} | {account: held})
        outcome = judge(version(points()), sale(1_000), standing)
        assert (outcome.refusal is None) is fits
        assert fits or isinstance(outcome.refusal, BalanceLimit)
        assert fits or not outcome.transfers


def test_a_purchase_gives_so_much_and_no_more() -> None:
    """One transfer's worth; more is refused and not cut."""
    plan = version(points("100"))
    assert judge(plan, sale(AMOUNT_MAX)).given == {("points", "point"): AMOUNT_MAX}
    assert isinstance(judge(version(points("101")), sale(AMOUNT_MAX)).refusal, BalanceLimit)


@given(
    st.integers(0, 100_000),
    st.integers(-50, 50),
    st.sampled_from([stamps(), points(), SPENDING, VISITS, punches(), tiers(Measure.VISITS)]),
)
def test_an_outcome_depends_on_nothing_but_what_it_was_given(
    paid: int, held: int, rule: Rule
) -> None:
    """Twice the same is the same, every transfer sums to zero, and given is what was posted."""
    plan, standing = version(rule), holding("stamp", held)
    happening = Happening(clock=CLOCK, location_id=ID, sale=sale(paid))
    outcome = evaluate(plan, standing, happening, NOON)
    assert outcome == evaluate(plan, replace(standing), happening, NOON)
    left = after(standing.balances, outcome.transfers)
    for unit, accounts in left.items():
        assert sum(accounts.values()) == 0
        gave = sum(amount for (_, each), amount in outcome.given.items() if each == unit)
        held_before = standing.available(unit)
        assert accounts.get(Account.AVAILABLE, 0) == held_before + gave
