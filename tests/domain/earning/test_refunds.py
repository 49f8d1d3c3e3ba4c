"""Refunds: whatever states of a sale come, the card ends with what the last one is worth."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import BalanceLimit, Invalid
from gateway.domain.ledger import AMOUNT_MAX, Account, Transfer
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.outcomes import Day, Outcome
from gateway.domain.rules.plan import Limits, NegativeBalance
from gateway.domain.rules.promotions import Promotion, Times
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import EarnBasis, Milestone, Surplus
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from tests.domain.earning.tills import (
    COFFEE,
    ID,
    NOON,
    TODAY,
    basket,
    card,
    holding,
    judge,
    line,
    points,
    posted,
    punches,
    refund,
    sale,
    stamps,
    stamps_per,
    version,
)

GOLD = TierRule(
    tiers=(
        Tier(
            key="gold",
            name="Gold",
            threshold=Threshold(type=Measure.SPENDING, value=10_000_000),
            multipliers={"point": Decimal("1.5"), "stamp": Decimal("1.5")},
        ),
    )
)
DOUBLE = Promotion(
    key="double",
    name="Double points on coffee",
    rule="points",
    effect=Times(times=Decimal(2)),
    starts_at=NOON - timedelta(days=1),
    ends_at=NOON + timedelta(hours=1),
    category_filter="coffee",
)
WAY = (Milestone(key="third", at=3, reward=COFFEE),)
SPENDING = SpendingRule(threshold_amount=700, reward=COFFEE)
VISITS = VisitRule(visits_required=2, within_days=30, reward=COFFEE)
EVERYTHING = version(
    points("0.7", category_multipliers={"cake": Decimal("0.5")}),
    stamps_per(EarnBasis.PER_DOLLAR, 300, carry=True, intermediate_rewards=WAY, unit="euro"),
    punches(minimum_purchase_amount=400),
    GOLD,
    SPENDING,
    VISITS,
    promotions=(DOUBLE,),
    caps=(
        Cap(unit="point", per=CapSpan.DAY, amount=9),
        Cap(unit="euro", per=CapSpan.TRANSACTION, amount=4),
    ),
)
DISCARDING = version(
    stamps_per(EarnBasis.PER_ITEM, 1, surplus=Surplus.DISCARD, intermediate_rewards=WAY),
    points(category_filter="coffee"),
)
PLANS = (EVERYTHING, DISCARDING, version(stamps(), VISITS), version(SPENDING))


@st.composite
def histories(draw: st.DrawFn) -> list[Sale]:
    """A sale, then its states: each refunds some more, some in lines and some without."""
    lines = draw(
        st.lists(
            st.builds(
                Line,
                amount=st.integers(0, 900),
                quantity=st.integers(1, 4),
                category=st.sampled_from([None, "coffee", "cake", "tips"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    states = [tuple(lines)]
    for _ in range(draw(st.integers(0, 3))):
        states.append(
            tuple(
                replace(each, refunded=draw(st.integers(each.refunded, each.amount)))
                for each in states[-1]
            )
        )
    paid = sum(each.amount for each in lines)
    listed = [sum(each.refunded for each in state) for state in states]
    more = [draw(st.integers(0, paid)) for _ in states]
    totals = accumulate((min(paid, a + b) for a, b in zip(listed, more, strict=True)), max)
    return [basket(*state, refunded=total) for state, total in zip(states, totals, strict=True)]


def played(
    plan: ProgramVersion, standing: Standing, states: list[Sale]
) -> tuple[Outcome, Standing]:
    """Tell of each state once, in order, and post what comes of it."""
    outcome = judge(plan, states[0], standing)
    standing = posted(standing, outcome)
    for state in states[1:]:
        outcome = refund(plan, outcome, standing, state, NOON + timedelta(days=1))
        standing = posted(standing, outcome)
    return outcome, standing


@given(
    st.sampled_from(PLANS),
    histories(),
    st.integers(0, 12),
    st.sampled_from([None, "gold"]),
    st.sampled_from([(), (Day(day=TODAY, earnings=1, visits=1),)]),
)
def test_any_states_in_a_row_end_like_the_last_one_alone(
    plan: ProgramVersion, states: list[Sale], held: int, tier: str | None, days: tuple[Day, ...]
) -> None:
    """Partial, repeated and full refunds: given, balances, days, totals and memory are exact."""
    standing = holding("stamp", held, tier=tier, days=days)
    outcome, left = played(plan, standing, states)
    alone, expected = played(plan, standing, states[-1:])

    assert outcome.given == alone.given
    for unit in {*left.balances, *expected.balances}:
        assert left.available(unit) == expected.available(unit)
    assert left.totals == expected.totals
    for day, same in zip(left.days, expected.days, strict=True):
        assert replace(day, given={}) == replace(same, given={})
        assert {k: v for k, v in day.given.items() if v} == {
            k: v for k, v in same.given.items() if v
        }


@given(st.sampled_from(PLANS), histories())
def test_the_same_state_again_changes_nothing(plan: ProgramVersion, states: list[Sale]) -> None:
    """However often a till repeats itself, and by whatever policy."""
    for policy in NegativeBalance:
        strict = replace(plan, plan=replace(plan.plan, negative_balance=policy))
        outcome, left = played(strict, card(), states)
        again = refund(strict, outcome, left, states[-1], NOON + timedelta(days=2))
        assert (again.transfers, again.day) == ((), Day(day=TODAY))
        assert (again.memory, again.budgets, again.rewards_earned) == ({}, {}, 0)
        assert (again.given, again.basis) == (outcome.given, outcome.basis)


@given(histories())
def test_a_refunded_sale_leaves_nothing(states: list[Sale]) -> None:
    """Buy, refund, keep the points: not here."""
    paid = states[-1].total_paid
    outcome, left = played(EVERYTHING, card(), [*states, replace(states[-1], total_refunded=paid)])
    assert outcome.given == {}
    assert all(left.available(unit) == 0 for unit in left.balances)
    assert (left.totals.visits, left.totals.spent, left.totals.points) == (0, 0, 0)
    assert outcome.basis is not None
    assert not outcome.basis.earned


def test_only_the_difference_is_posted_from_the_sales_own_lots() -> None:
    """10 points for 10.00, and after 2.50 back 7 are right."""
    plan = version(points())
    outcome = judge(plan, sale(1_000))
    standing = posted(card(), outcome)
    part = refund(plan, outcome, standing, sale(1_000, 250))
    assert part.transfers == (
        Transfer("point", Account.AVAILABLE, Account.ISSUED, 3, takes=(ID,)),
    )
    assert part.day == Day(day=TODAY, spent=-250, points=-3, given={"points": -3})
    rest = refund(plan, part, posted(standing, part), sale(1_000, 1_000))
    assert rest.day == Day(
        day=TODAY, earnings=-1, visits=-1, spent=-750, points=-7, given={"points": -7}
    )


def test_a_refund_is_judged_by_tier_promotion_and_limits_of_its_purchase() -> None:
    """The card lost its tier, the promotion is over, the program paused, the card blocked."""
    plan = version(points(), GOLD, promotions=(DOUBLE,), limits=Limits())
    bought = basket(line(1_000, "coffee"))
    outcome = judge(plan, bought, card(tier="gold"))
    assert outcome.given == {("points", "point"): 30}
    later = replace(
        posted(card(), outcome),
        program_status=ProgramStatus.PAUSED,
        card_status=CardStatus.BLOCKED,
        budgets={"point:": 10**6},
    )
    half = refund(plan, outcome, later, replace(bought, total_refunded=500), NOON + timedelta(1))
    assert half.given == {("points", "point"): 15}


def test_a_day_keeps_its_visit_while_something_else_was_earned_on_it() -> None:
    """Two purchases, both refunded: the visit goes with the second."""
    plan = version(points())
    first = judge(plan, sale(1_000))
    one = posted(card(), first)
    second = judge(plan, sale(500), one)
    two = posted(one, second)

    gone = refund(plan, first, two, sale(1_000, 1_000))
    assert gone.day is not None
    assert (gone.day.earnings, gone.day.visits) == (-1, 0)
    left = posted(two, gone)
    last = refund(plan, second, left, sale(500, 500))
    assert last.day is not None
    assert (last.day.earnings, last.day.visits) == (-1, -1)


def test_a_refund_of_a_carried_rest_is_made_up_for_by_the_next_purchase() -> None:
    """3.00 and 3.00 made a stamp; with the first refunded, 4.00 more do not make another."""
    plan = version(stamps_per(EarnBasis.PER_DOLLAR, 500, carry=True))
    first = judge(plan, sale(300))
    one = posted(card(), first)
    two = posted(one, judge(plan, sale(300), one))
    assert (two.available("stamp"), two.available("remainder:stamps")) == (1, 100)
    left = posted(two, refund(plan, first, two, sale(300, 300)))
    assert (left.available("stamp"), left.available("remainder:stamps")) == (1, -200)
    end = posted(left, judge(plan, sale(400), left))
    assert (end.available("stamp"), end.available("remainder:stamps")) == (1, 200)


@pytest.mark.parametrize(
    ("policy", "taken", "owed"),
    [
        (NegativeBalance.ALLOW_NEGATIVE, 10, 0),
        (NegativeBalance.WITHIN_BALANCE, 4, 6),
        (NegativeBalance.ONLY_PENDING, 0, 10),
    ],
)
def test_the_version_says_what_is_taken_back_of_points_already_spent(
    policy: NegativeBalance, taken: int, owed: int
) -> None:
    """6 of 10 points were spent. What stays is said, and never taken later."""
    plan = version(points(), negative_balance=policy)
    outcome = judge(plan, sale(1_000))
    spent = holding("point", 4, days=(Day(day=TODAY, earnings=1, visits=1),))
    back = refund(plan, outcome, spent, sale(1_000, 1_000))

    assert sum(each.amount for each in back.transfers) == taken
    assert back.given == {}
    assert back.basis is not None
    assert dict(back.basis.owed) == ({"point": owed} if owed else {})
    said = [each for each in back.explanations if each.reason == "not_taken_back"]
    assert [(each.wanted, each.given) for each in said] == ([(-10, -taken)] if owed else [])
    rich = holding("point", 100)
    assert not refund(plan, back, rich, sale(1_000, 1_000)).transfers


def test_what_a_refund_left_is_not_given_twice() -> None:
    """6 of 10 stayed; when the shop takes the refund back, only 4 are missing."""
    plan = version(points(), negative_balance=NegativeBalance.WITHIN_BALANCE)
    outcome = judge(plan, sale(1_000))
    back = refund(plan, outcome, holding("point", 4), sale(1_000, 1_000))
    some = refund(plan, back, card(), sale(1_000, 400))
    assert (some.transfers, some.given) == ((), {("points", "point"): 6})
    assert some.basis is not None
    assert some.basis.owed == {}
    whole = refund(plan, some, card(), sale(1_000))
    assert [each.amount for each in whole.transfers] == [4]
    more = refund(plan, back, card(), sale(1_000))
    assert [each.amount for each in more.transfers] == [4]


def test_a_card_below_zero_gives_nothing_more_within_its_balance() -> None:
    """There is nothing to take."""
    plan = version(points(), negative_balance=NegativeBalance.WITHIN_BALANCE)
    back = refund(plan, judge(plan, sale(500)), holding("point", -3), sale(500, 500))
    assert back.transfers == ()


@pytest.mark.parametrize(
    ("policy", "pending", "days", "expected"),
    [
        (NegativeBalance.ALLOW_NEGATIVE, 10, 1, {Account.PENDING: 10}),
        (NegativeBalance.ALLOW_NEGATIVE, 7, 1, {Account.PENDING: 7, Account.AVAILABLE: 3}),
        (NegativeBalance.ONLY_PENDING, 7, 1, {Account.PENDING: 7}),
        (NegativeBalance.ONLY_PENDING, 10, 5, {}),
        (NegativeBalance.WITHIN_BALANCE, 10, 5, {Account.AVAILABLE: 2}),
    ],
)
def test_what_is_held_back_is_taken_first_and_only_while_it_is(
    policy: NegativeBalance, pending: int, days: int, expected: dict[Account, int]
) -> None:
    """After the days of return, what is pending is of later purchases."""
    plan = version(points(), pending_days=5, negative_balance=policy)
    outcome = judge(plan, sale(1_000))
    standing = holding("point", 2, pending)
    back = refund(plan, outcome, standing, sale(1_000, 1_000), NOON + timedelta(days=days))
    assert {each.source: each.amount for each in back.transfers} == expected


def test_what_is_given_after_the_days_of_return_can_be_used_at_once() -> None:
    """It expires with the rest of its purchase."""
    plan = version(points(expiration_months=1), pending_days=5)
    outcome = judge(plan, sale(1_000))
    (first,) = outcome.transfers
    more = refund(plan, outcome, card(), sale(1_500), NOON + timedelta(days=6))
    (second,) = more.transfers
    assert (second.destination, second.usable_from) == (Account.AVAILABLE, None)
    assert second.expires_at == first.expires_at is not None


@pytest.mark.parametrize("policy", list(NegativeBalance))
def test_a_reward_on_the_way_that_was_used_is_under_the_same_policy(
    policy: NegativeBalance,
) -> None:
    """It costs nothing more than the card has to give, except where owing is allowed."""
    plan = version(
        stamps_per(EarnBasis.PER_ITEM, 1, intermediate_rewards=WAY),
        negative_balance=policy,
        pending_days=5,
    )
    bought = basket(line(900, quantity=3))
    outcome = judge(plan, bought)
    used = holding("stamp", 0, 3)
    back = refund(plan, outcome, used, replace(bought, total_refunded=900))
    vouchers = [each.amount for each in back.transfers if each.unit == "voucher:third"]
    assert vouchers == ([1] if policy is NegativeBalance.ALLOW_NEGATIVE else [])
    assert sum(each.amount for each in back.transfers if each.unit == "stamp") == 3


def test_a_sale_that_grows_gives_the_difference_and_may_reach_the_limit() -> None:
    """An open bill; and a card that cannot hold what it comes to."""
    plan = version(points("100"))
    outcome = judge(plan, sale(1_000))
    more = refund(plan, outcome, posted(card(), outcome), sale(2_000))
    assert [each.amount for each in more.transfers] == [1_000]
    too_much = version(points("101"))
    small = judge(too_much, sale(1_000))
    assert isinstance(refund(too_much, small, card(), sale(AMOUNT_MAX)).refusal, BalanceLimit)


def test_a_state_that_cannot_be_changes_nothing() -> None:
    """More refunded than paid."""
    plan = version(points())
    back = refund(plan, judge(plan, sale(1_000)), card(), sale(1_000, 1_001))
    assert isinstance(back.refusal, Invalid)
    assert (back.transfers, back.explanations) == ((), ())
