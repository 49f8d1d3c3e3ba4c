"""How far a card's visits are towards its next reward: days within a window, or a streak."""

from datetime import date

from gateway.domain.rules.history import History, remembered
from gateway.domain.rules.outcomes import Explanation, Judgement
from gateway.domain.rules.streaks import judge_streak
from gateway.domain.rules.visit_days import judge_days
from gateway.domain.rules.visits import VisitRule


def judge_visits(rule: VisitRule, standing: History, today: date, visit_change: int) -> Judgement:
    """Return what the first visit of a business day comes to, or with -1 its being taken back.

    `visit_change` 0 is another visit of the same day, and changes nothing.
    """
    memory = remembered(standing, rule.key)
    if visit_change == 0:
        return Judgement(given=0, memory=memory, explanation=_explained(rule, 0, is_new=False))
    visited = {day.day for day in standing.days if day.visits > 0} - {today}
    judge = judge_streak if rule.consecutive_required else judge_days
    given, after = judge(rule, memory, visited, today, is_visit=visit_change > 0)
    explanation = _explained(rule, given, is_new=True)
    return Judgement(given=given, memory=after, explanation=explanation)


def _explained(rule: VisitRule, given: int, *, is_new: bool) -> Explanation:
    if given > 0:
        reason, sentence = "visits_reached", "The visits for a reward are complete."
    elif given < 0:
        reason, sentence = "visits_lost", "A visit that counted for a reward was taken back."
    elif is_new:
        reason, sentence = "visits_ahead", "Visits count towards the next reward."
    else:
        reason, sentence = "visit_counted", "This day's visit was counted before."
    return Explanation(
        rule=rule.key,
        unit=rule.unit,
        matched=is_new,
        wanted=given,
        given=given,
        reason=reason,
        sentence=sentence,
    )
