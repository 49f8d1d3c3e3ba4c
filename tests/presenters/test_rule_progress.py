"""How far a card is by each rule, for software that asks."""

from gateway.domain.ledger import Account
from gateway.domain.rules.outcomes import RuleMemory
from gateway.presenters.rule_progress import RuleProgress, rules_progress
from tests.plans import hybrid_plan, visit_plan

STREAK = {"visits": RuleMemory(count=3, streak=8, best=11)}


def test_visits_in_a_row_tell_their_streak_and_the_best() -> None:
    """The count is towards the next reward, the streak goes on over rewards."""
    (told,) = rules_progress(visit_plan(in_a_row=True), {}, STREAK)
    assert told == RuleProgress(
        rule="visits",
        kind="visit_frequency",
        unit="visit",
        count=3,
        target=5,
        streak=8,
        best=11,
    )


def test_a_rule_without_streaks_has_none() -> None:
    """Neither now nor at best, whatever was remembered by an earlier version."""
    (told,) = rules_progress(visit_plan(), {}, STREAK)
    assert (told.count, told.streak, told.best) == (3, None, None)


def test_each_rule_that_gives_something_is_told_of() -> None:
    """Each by its own unit; tiers are told of on their own."""
    balances = {"stamp": {Account.AVAILABLE: 2}, "point": {Account.AVAILABLE: 40}}
    stamps, points = rules_progress(hybrid_plan(), balances, {})
    assert (stamps.rule, stamps.count, stamps.target) == ("stamps", 2, 3)
    assert (points.unit, points.count, points.target) == ("point", 40, None)


def test_a_card_that_was_never_used_has_no_streak_yet() -> None:
    """Which is zero, as its best is."""
    (told,) = rules_progress(visit_plan(in_a_row=True), {}, {})
    assert (told.count, told.streak, told.best) == (0, 0, 0)
