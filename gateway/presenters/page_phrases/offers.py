"""What a program offers, in two lines: the reward, and what it is given for."""

from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import leading
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.wording import Language, fill
from gateway.presenters.amounts import money
from gateway.presenters.card_words import promised
from gateway.presenters.page_phrases.languages import PAGE_PHRASES


def headline(version: ProgramVersion) -> str:
    """Return the first line: the reward, or the program where points are spent as one likes."""
    return promised(version.plan) or version.name


def condition(language: Language, version: ProgramVersion) -> str:
    """Return the second line: what the reward, or the points, are given for."""
    phrases = PAGE_PHRASES[language].joining
    match leading(version.plan):
        case StampRule(stamps_required=count):
            return fill(phrases.with_every, {"count": str(count)})
        case PunchRule(punches_required=count):
            return fill(phrases.for_purchases, {"count": str(count)})
        case SpendingRule(threshold_amount=amount):
            return fill(
                phrases.for_spending, {"amount": money(amount, version.plan.currency, language)}
            )
        case VisitRule(visits_required=count, consecutive_required=in_a_row):
            words = phrases.for_visits_in_a_row if in_a_row else phrases.for_visits
            return fill(words, {"count": str(count)})
        case PointsRule():
            return phrases.points
        case _:
            return phrases.levels
