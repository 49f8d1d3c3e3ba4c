"""Why a reward is not ready, and why a visit gave nothing, in the customer's language.

From the stable code and its figures; what software reads stays English.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.domain.claims import (
    Claim,
    RedeemingOver,
    RewardLimitReached,
    RewardNotAvailable,
    SoldOut,
    TierTooLow,
)
from gateway.domain.errors import CardBlocked, NotEnough, Refusal
from gateway.domain.rules.keys import VOUCHER_PREFIX
from gateway.domain.rules.outcomes import Explanation
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.stamps import PunchRule
from gateway.domain.wording import Language, fill
from gateway.presenters.amounts import money
from gateway.presenters.card_face import held_name
from gateway.presenters.counting import number_text, plural_text
from gateway.presenters.reason_phrases.languages import REASON_PHRASES
from gateway.presenters.reason_phrases.reason_phrases import Obstacles

BELOW_MINIMUM = "below_minimum"


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a visit that gave nothing, and why; `why` is "" where we cannot say."""

    words: str
    why: str


def obstacle_words(plan: Plan, claim: Claim, language: Language) -> str:
    """Return why a card cannot have a reward now, "" when it can."""
    if claim.obstacle is None:
        return ""
    if isinstance(claim.obstacle, NotEnough):
        return _missing(claim, language)
    design = claim.reward.design
    least, most = str(design.tier_min), design.per_member_max or 0
    values = {
        "reward": claim.reward.words(language).name,
        "level": held_name(plan, least) or least,
        "count": number_text(most, language),
    }
    return fill(_phrase(claim.obstacle, most, REASON_PHRASES[language].obstacles), values)


def nothing_words(
    plan: Plan, explanations: Sequence[Explanation], language: Language
) -> Said | None:
    """Return what became of a visit that gave nothing, by what each rule said to it.

    What counts for later comes first: nobody came in vain then. None where nothing was said.
    """
    if not explanations:
        return None
    phrases = REASON_PHRASES[language].earnings
    first = max(explanations, key=lambda each: each.matched)
    is_counted = first.matched and first.wanted == 0
    return Said(
        words=phrases.counted if is_counted else phrases.nothing,
        why=_why(plan, first, language),
    )


def _phrase(obstacle: Refusal, most: int, phrases: Obstacles) -> str:
    match obstacle:
        case RedeemingOver():
            phrase = phrases.over
        case RewardNotAvailable(detail=detail):
            phrase = phrases.later if "valid_from" in detail else phrases.ended
        case TierTooLow():
            phrase = phrases.level
        case RewardLimitReached():
            phrase = phrases.once if most == 1 else phrases.so_often
        case SoldOut():
            phrase = phrases.sold_out
        case _:
            assert isinstance(obstacle, CardBlocked), "there is no other obstacle"
            phrase = phrases.blocked
    return phrase


def _missing(claim: Claim, language: Language) -> str:
    phrases, unit = REASON_PHRASES[language].obstacles, claim.reward.unit
    reward = {"reward": claim.reward.words(language).name}
    if unit.startswith(VOUCHER_PREFIX):
        return fill(phrases.not_earned, reward)
    if unit in phrases.missing:
        return plural_text(phrases.missing[unit], claim.missing, language, **reward)
    count = {"count": number_text(claim.missing, language)}
    return fill(phrases.missing_other, reward | count)


def _why(plan: Plan, explanation: Explanation, language: Language) -> str:
    phrases = REASON_PHRASES[language].earnings
    if explanation.reason == BELOW_MINIMUM:
        least = _minimum(plan, explanation.rule)
        amount = money(least or 0, plan.currency, language)
        return fill(phrases.below_minimum, {"amount": amount}) if least else ""
    return phrases.reasons.get(explanation.reason, "")


def _minimum(plan: Plan, key: str) -> int | None:
    """Return the minimum purchase of a rule, unless the plan has the rule no more."""
    rules = (each for each in plan.rules if isinstance(each, PointsRule | PunchRule))
    return next((each.minimum_purchase_amount for each in rules if each.key == key), None)
