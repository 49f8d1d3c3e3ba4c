"""Raising: what a later state of a sale may still give, as its card and program stand by then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning.raising import gives_more, refused_raise
from gateway.domain.errors import CardBlocked, ProgramNotActive, Refusal
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import Outcome
from gateway.domain.rules.plan import NegativeBalance
from gateway.domain.rules.stamps import EarnBasis, Milestone, Surplus
from gateway.domain.sales import OFFLINE_DAYS_MAX, TooLongAgo
from tests.domain.earning.tills import (
    COFFEE,
    NOON,
    card,
    holding,
    judge,
    points,
    posted,
    refund,
    sale,
    stamps_per,
    version,
)

COOKIE = Milestone(key="cookie", at=5, reward=COFFEE)
WAY = version(stamps_per(EarnBasis.PER_DOLLAR, 100, intermediate_rewards=(COOKIE,)))
DISCARDING = version(stamps_per(EarnBasis.PER_DOLLAR, 100, surplus=Surplus.DISCARD))
DAILY = version(points(), caps=(Cap(unit="point", per=CapSpan.DAY, amount=10),))
BUDGET = version(points(), caps=(Cap(unit="point", per=CapSpan.PROGRAM, amount=15),))


def told(
    plan: ProgramVersion, standing: Standing, *states: tuple[str, Sale]
) -> tuple[dict[str, Outcome], Standing]:
    """Tell of states of sales by name, one after the other; return the last outcome of each."""
    outcomes: dict[str, Outcome] = {}
    for name, state in states:
        before = outcomes.get(name)
        outcomes[name] = (
            refund(plan, before, standing, state) if before else judge(plan, state, standing)
        )
        standing = posted(standing, outcomes[name])
    return outcomes, standing


def test_tabs_share_what_a_cap_has_left_now() -> None:
    """The first takes 8 of 10, so 2 are left for the second, and nothing for the third."""
    opened = [(name, sale(10)) for name in "abc"]
    raised = [(name, sale(800)) for name in "abc"]
    outcomes, left = told(DAILY, card(), *opened, *raised)
    assert [outcomes[name].given.get(("points", "point"), 0) for name in "abc"] == [8, 2, 0]
    assert left.available("point") == 10


def test_what_a_sale_gave_stays_when_a_budget_was_overrun() -> None:
    """A raise gives nothing more, and takes nothing back; a refund is exact."""
    outcome = judge(BUDGET, sale(1_000))
    late = replace(posted(card(), outcome), budgets={"point:": 40})
    more = refund(BUDGET, outcome, late, sale(2_000))
    assert (more.transfers, more.given) == ((), {("points", "point"): 10})
    less = refund(BUDGET, outcome, late, sale(1_000, 400))
    assert less.given == {("points", "point"): 6}


def test_room_that_became_free_later_is_not_the_sales() -> None:
    """It had room for 5 when it was first told of; a refund of another changes nothing."""
    tight = card(budgets={"point:": 10})
    outcome = judge(BUDGET, sale(1_000), tight)
    more = refund(BUDGET, outcome, posted(card(), outcome), sale(2_000))
    assert more.given == {("points", "point"): 5}


def test_a_tab_passes_a_milestone_where_the_card_is_by_then() -> None:
    """Opened at 4, raised at 5: it was the other tab that came to 5."""
    outcomes, left = told(
        WAY,
        holding("stamp", 4),
        ("a", sale(1)),
        ("b", sale(1)),
        ("a", sale(100)),
        ("b", sale(100)),
    )
    assert ("stamps", "voucher:cookie") in outcomes["a"].given
    assert ("stamps", "voucher:cookie") not in outcomes["b"].given
    assert (left.available("stamp"), left.available("voucher:cookie")) == (6, 1)


@pytest.mark.parametrize(
    ("states", "stamps", "cookies"),
    [
        # It gave a stamp, and comes to the fifth with its next one.
        ((("a", sale(100)), ("b", sale(300)), ("a", sale(200))), 5, 1),
        # Opened with nothing: it is counted from where it was raised, back down too.
        ((("a", sale(1)), ("b", sale(400)), ("a", sale(200)), ("a", sale(200, 100))), 5, 1),
        # The other came to the fifth, and this one does not come there again.
        ((("a", sale(100)), ("b", sale(400)), ("a", sale(300))), 7, 1),
        # What it gave on the way stays with it while it grows, and goes when it is refunded.
        ((("a", sale(500)), ("b", sale(100)), ("a", sale(600))), 7, 1),
        ((("a", sale(500)), ("b", sale(100)), ("a", sale(500, 100))), 5, 0),
        ((("a", sale(200)), ("b", sale(400)), ("a", sale(200, 100))), 5, 1),
    ],
)
def test_sales_between_each_other_never_double_a_milestone(
    states: tuple[tuple[str, Sale], ...], stamps: int, cookies: int
) -> None:
    """A stamp after the other, whichever sale it is of."""
    _, left = told(WAY, card(), *states)
    assert (left.available("stamp"), left.available("voucher:cookie")) == (stamps, cookies)


def test_a_surplus_is_discarded_by_the_card_as_it_is_by_then() -> None:
    """Opened with 2 stamps to go; when the second tab is raised there is 1."""
    outcomes, left = told(
        DISCARDING,
        holding("stamp", 8),
        ("a", sale(1)),
        ("b", sale(1)),
        ("a", sale(100)),
        ("b", sale(500)),
    )
    assert [outcomes[name].given["stamps", "stamp"] for name in "ab"] == [1, 1]
    assert left.available("stamp") == 10
    assert refund(DISCARDING, outcomes["a"], left, sale(300)).given["stamps", "stamp"] == 1


def test_what_was_given_of_a_full_card_is_not_taken_by_a_raise() -> None:
    """Five of this sale, then others: nothing more fits, and the five stay."""
    outcome = judge(DISCARDING, sale(500))
    raised = refund(DISCARDING, outcome, holding("stamp", 12), sale(600))
    assert raised.given["stamps", "stamp"] == 5


def test_what_a_refund_left_on_the_card_counts_as_the_sales_own() -> None:
    """Nothing could be taken back of it, so raising it again passes nothing twice."""
    plan = replace(WAY, plan=replace(WAY.plan, negative_balance=NegativeBalance.ONLY_PENDING))
    outcomes, left = told(
        plan, card(), ("a", sale(500)), ("a", sale(500, 500)), ("a", sale(600, 100))
    )
    assert outcomes["a"].given["stamps", "voucher:cookie"] == 1
    assert (left.available("stamp"), left.available("voucher:cookie")) == (5, 1)


@pytest.mark.parametrize(
    ("changes", "days", "refusal"),
    [
        ({}, OFFLINE_DAYS_MAX, None),
        ({}, OFFLINE_DAYS_MAX + 1, TooLongAgo),
        ({"card_status": CardStatus.BLOCKED}, 0, CardBlocked),
        ({"program_status": ProgramStatus.PAUSED}, 0, None),
        ({"program_status": ProgramStatus.ENDED, "program_ended_at": NOON}, 1, None),
        ({"program_status": ProgramStatus.ENDED, "program_ended_at": NOON}, 30, ProgramNotActive),
    ],
)
def test_a_raise_is_refused_where_nothing_new_could_be_told(
    changes: dict[str, Any], days: int, refusal: type[Refusal] | None
) -> None:
    """Too old, a blocked card, a program beyond its days of grace."""
    plan = replace(WAY.plan, grace_days=7)
    found = refused_raise(plan, card(**changes), NOON, NOON + timedelta(days=days))
    assert type(found) is (refusal or type(None))


def test_more_of_one_rule_is_more_whatever_is_less_of_another() -> None:
    """What was too little for a stamp is no gift."""
    before = {("points", "point"): 5, ("stamps", "stamp"): 2}
    assert gives_more(before, {("points", "point"): 6})
    assert gives_more({}, {("points", "point"): 1})
    assert not gives_more(before, {("points", "point"): 5, ("stamps", "remainder:stamps"): 9})
