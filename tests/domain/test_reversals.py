"""Undoing a visit: while it still can be, and what the card remembers afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyReversed, NotReversible
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.programs import ProgramVersion
from gateway.domain.reversals import (
    UNDO_SECONDS_MAX,
    Past,
    forget,
    undo,
    undone_budgets,
    undone_day,
)
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.outcomes import Day, RuleMemory
from gateway.domain.rules.stamps import EarnBasis, Milestone
from gateway.domain.rules.visits import VisitRule
from tests.domain.earning.tills import (
    COFFEE,
    NOON,
    TODAY,
    card,
    holding,
    judge,
    points,
    posted,
    stamps,
    stamps_per,
    version,
)

EARLIER = NOON - timedelta(hours=1)
VISIT = UUID(int=5)
HYBRID = version(
    stamps_per(
        EarnBasis.PER_VISIT,
        2,
        intermediate_rewards=(Milestone(key="second", at=2, reward=COFFEE),),
    ),
    VisitRule(visits_required=2, within_days=30, reward=COFFEE),
)


def a_visit(moved: Mapping[tuple[str, Account], int] | None = None, **changes: object) -> Past:
    values = {
        "id": VISIT,
        "card_id": UUID(int=1),
        "kind": TransactionKind.EARN,
        "occurred_at": NOON,
        "happened_at": NOON,
        "moved": moved or {("stamp", Account.AVAILABLE): 1, ("stamp", Account.ISSUED): -1},
        "day": Day(day=TODAY, earnings=1, visits=1, given={"stamps": 1}),
        "reversed": False,
        "earned_before": EARLIER,
    }
    return Past(**values | changes)  # type: ignore[arg-type]


def recorded(plan: ProgramVersion, standing: Standing) -> tuple[Past, Standing]:
    """Return a visit as it is posted, and the card after it."""
    outcome = judge(plan, None, standing)
    assert outcome.day is not None
    moved: dict[tuple[str, Account], int] = {}
    for transfer in outcome.transfers:
        for account, delta in transfer.moves:
            key = (transfer.unit, account)
            moved[key] = moved.get(key, 0) + delta
    past = a_visit(
        day=outcome.day,
        earned_before=standing.last_earned_at,
        memory_before={rule: standing.memory.get(rule, RuleMemory()) for rule in outcome.memory},
    )
    return replace(past, moved=moved), posted(standing, outcome)


def test_what_a_visit_gave_goes_back_where_it_came_from() -> None:
    """From its own lots."""
    assert undo(a_visit(), holding("stamp", 1), NOON) == (
        Transfer("stamp", Account.AVAILABLE, Account.ISSUED, 1, takes=(VISIT,)),
    )


def test_what_a_visit_took_of_a_remainder_is_put_back() -> None:
    """A visit under rules that carry on may lower what was carried."""
    moved = {("remainder:stamps", Account.AVAILABLE): -3, ("remainder:stamps", Account.ISSUED): 3}
    assert undo(a_visit(moved), card(), NOON) == (
        Transfer("remainder:stamps", Account.ISSUED, Account.AVAILABLE, 3),
    )


def test_a_card_is_after_an_undo_as_it_was_before() -> None:
    """Stamps, a reward on the way, the day, the totals, the memory and the limits."""
    before = card(last_earned_at=EARLIER, days=(Day(day=TODAY - timedelta(days=3), visits=1),))
    past, after = recorded(HYBRID, before)
    assert after.available("voucher:second") == 1
    assert after.memory

    transfers = undo(past, after, NOON)
    assert {(each.unit, each.amount) for each in transfers} == {
        ("stamp", 2),
        ("voucher:second", 1),
        ("voucher:visits", 1),
    }
    assert undone_day(past, after) == Day(
        day=TODAY, earnings=-1, visits=-1, given={"stamps": -2, "visits": -1}
    )
    left = forget(past, after)
    assert (left.last_earned_at, left.memory["visits"]) == (EARLIER, RuleMemory())


def test_points_are_taken_off_the_day_too() -> None:
    """Pending or not."""
    past = a_visit({("point", Account.PENDING): 4, ("point", Account.ISSUED): -4})
    past = replace(past, day=replace(past.day, spent=250))
    assert undone_day(past, card()).points == -4
    assert undone_day(past, card()).spent == -250
    (transfer,) = undo(past, holding("point", 0, 4), NOON)
    assert (transfer.source, transfer.amount) == (Account.PENDING, 4)


def test_a_day_keeps_its_visit_while_something_else_was_earned_on_it() -> None:
    """Undone one after the other, the second takes it along, whichever made it."""
    first, one = recorded(version(stamps()), card())
    second, two = recorded(version(stamps()), one)
    assert undone_day(first, two).visits == 0
    assert undone_day(second, two).visits == 0
    assert undone_day(second, one).visits == -1


def test_a_visit_cannot_be_undone_twice() -> None:
    """The second time is refused."""
    with pytest.raises(AlreadyReversed):
        undo(a_visit(reversed=True), holding("stamp", 1), NOON)


@pytest.mark.parametrize(
    "changes",
    [{"kind": kind} for kind in TransactionKind if kind is not TransactionKind.EARN]
    + [{"sale_id": UUID(int=7)}],
)
def test_only_a_visit_can_be_undone(changes: dict[str, object]) -> None:
    """A sale is refunded, and a reservation has its own way back."""
    with pytest.raises(
        NotReversible, match=r"^Only a visit can be undone\. A sale can be refunded\.$"
    ):
        undo(a_visit(None, **changes), holding("stamp", 1), NOON)


def test_a_visit_can_be_undone_for_two_minutes_only() -> None:
    """The last second counts, the one after does not."""
    last = NOON + timedelta(seconds=UNDO_SECONDS_MAX)
    assert undo(a_visit(), holding("stamp", 1), last)
    with pytest.raises(NotReversible, match="120 seconds"):
        undo(a_visit(), holding("stamp", 1), last + timedelta(seconds=1))


def test_a_visit_whose_stamps_were_spent_cannot_be_undone() -> None:
    """No balance goes below zero for an undo."""
    with pytest.raises(NotReversible, match=r"^What the visit gave was already used\.$"):
        undo(a_visit(), holding("stamp", 0), NOON)


def test_a_visit_that_others_were_counted_on_from_waits_for_them() -> None:
    """The latest goes first, because each remembers what was before it."""
    past, after = recorded(HYBRID, card())
    later = replace(after, last_earned_at=NOON + timedelta(seconds=5))
    with pytest.raises(NotReversible, match=r"^Please undo what came after this visit first\.$"):
        undo(past, later, NOON)


def test_an_older_visit_leaves_the_cooldown_and_the_memory() -> None:
    """The latest one still counts."""
    later = card(last_earned_at=NOON + timedelta(minutes=1))
    assert forget(a_visit(), later) == later


def test_a_programs_budget_gets_back_what_the_visit_took() -> None:
    """Of every cap on the whole program that the rule counts towards."""
    plan = version(
        stamps(),
        points(),
        caps=(
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=9),
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=9, rule="stamps"),
            Cap(unit="stamp", per=CapSpan.DAY, amount=9),
            Cap(unit="point", per=CapSpan.PROGRAM, amount=9),
        ),
    ).plan
    assert undone_budgets(a_visit(), plan) == {"stamp:": -1, "stamp:stamps": -1}
