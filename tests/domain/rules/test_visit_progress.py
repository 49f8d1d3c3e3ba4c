"""What a visit says to a rule of visits, and how it is explained."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.visit_progress import judge_visits
from gateway.domain.rules.visits import VisitRule
from tests.domain.rules.histories import COFFEE, a_card, visits

RULE = VisitRule(visits_required=2, within_days=5, reward=COFFEE)
IN_A_ROW = replace(RULE, consecutive_required=True)
YESTERDAY, TODAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.mark.parametrize("rule", [RULE, IN_A_ROW])
def test_the_days_of_the_card_and_today_make_the_reward(rule: VisitRule) -> None:
    """Yesterday's visit was read, today's is the change."""
    judgement = judge_visits(rule, a_card(days=visits(YESTERDAY)), TODAY, 1)
    assert judgement.given == 1
    assert judgement.memory.granted == 1
    explanation = judgement.explanation
    assert (explanation.rule, explanation.unit) == ("visits", "voucher:visits")
    assert (explanation.matched, explanation.reason) == (True, "visits_reached")
    assert (explanation.wanted, explanation.given) == (1, 1)
    assert explanation.sentence == "The visits for a reward are complete."


def test_in_a_row_and_within_days_are_not_the_same() -> None:
    """A day between breaks the one, not the other."""
    card = a_card(days=visits(date(2026, 11, 19)))
    assert judge_visits(RULE, card, TODAY, 1).given == 1
    assert judge_visits(IN_A_ROW, card, TODAY, 1).given == 0


def test_a_second_visit_of_the_day_changes_nothing() -> None:
    """And says so."""
    memory = RuleMemory(count=1)
    card = a_card(days=visits(YESTERDAY, TODAY), memory={"visits": memory})
    judgement = judge_visits(RULE, card, TODAY, 0)
    assert (judgement.given, judgement.memory) == (0, memory)
    assert judgement.explanation.reason == "visit_counted"
    assert judgement.explanation.sentence == "This day's visit was counted before."
    assert not judgement.explanation.matched


def test_a_first_visit_counts_towards_the_reward() -> None:
    """A day that was read without a visit is none, and today's own row is not counted twice."""
    days = [*visits(TODAY), replace(visits(YESTERDAY)[0], visits=0)]
    judgement = judge_visits(RULE, a_card(days=days), TODAY, 1)
    assert (judgement.given, judgement.memory.count) == (0, 1)
    assert judgement.explanation.reason == "visits_ahead"
    assert judgement.explanation.sentence == "Visits count towards the next reward."


@pytest.mark.parametrize("rule", [RULE, IN_A_ROW])
def test_a_visit_taken_back_takes_its_reward_back(rule: VisitRule) -> None:
    """The day is still among those read."""
    first = judge_visits(rule, a_card(days=visits(YESTERDAY)), TODAY, 1)
    card = a_card(days=visits(YESTERDAY, TODAY), memory={"visits": first.memory})
    judgement = judge_visits(rule, card, TODAY, -1)
    assert judgement.given == -1
    assert (judgement.memory.granted, judgement.memory.count) == (0, 1)
    assert judgement.explanation.reason == "visits_lost"
    assert judgement.explanation.sentence == "A visit that counted for a reward was taken back."
