"""How a card stands beyond what is drawn of it, in its customer's language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.business_day import last_day
from gateway.domain.merging import Part
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.visits import VisitRule
from gateway.domain.wording import Language, fill
from gateway.presenters.counting import day_text
from gateway.presenters.message_values import amount_of, amount_text
from gateway.presenters.page_phrases.languages import PAGE_PHRASES


def streak_words(plan: Plan, memory: Mapping[str, RuleMemory], language: Language) -> list[str]:
    """Return for each rule about visits in a row how long that is now, and was at best."""
    phrases = PAGE_PHRASES[language].standings
    return [
        fill(
            phrases.streaks[rule.period],
            {
                "streak": str(memory.get(rule.key, RuleMemory()).streak),
                "best": str(memory.get(rule.key, RuleMemory()).best),
            },
        )
        for rule in plan.rules
        if isinstance(rule, VisitRule) and rule.consecutive_required
    ]


def held_back_words(
    plan: Plan, waiting: Iterable[Part], zone: ZoneInfo, language: Language
) -> list[str]:
    """Return what cannot be used yet, and from which day on it can, in the shop's own time."""
    phrases = PAGE_PHRASES[language].standings
    return [
        fill(
            phrases.held_back,
            {
                "amount": amount_text(amount_of(plan, part.unit, part.amount), language),
                "day": day_text(part.usable_from.astimezone(zone).date(), language),
            },
        )
        for part in waiting
        if part.usable_from is not None
    ]


def stage_words(
    status: ProgramStatus, until: datetime | None, zone: ZoneInfo, language: Language
) -> str:
    """Return what a program that stands still means for its cards, "" while it runs.

    What was collected in one that ended can be used until a moment, told by its last day.
    """
    phrases = PAGE_PHRASES[language].standings
    if status is ProgramStatus.PAUSED:
        return phrases.paused
    if until is None:
        return ""
    return fill(phrases.ended, {"day": day_text(last_day(until, zone), language)})
