"""The levels of a program as its customers read them: names, benefits, which one they have."""

from dataclasses import dataclass

from gateway.domain.progress import Counts
from gateway.domain.rewards import tiers_of
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tier_progress import TierNeed, TierNeeds
from gateway.domain.rules.tiers import Measure
from gateway.domain.wording import Language, fill
from gateway.presenters.amounts import money
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.counting import count_text, day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier by name, what it brings, and whether the customer has it.

    `to_go` says what is missing for it, or to keep it; "" where there is nothing to say.
    """

    name: str
    benefits: tuple[str, ...]
    is_held: bool
    to_go: str = ""


def levels(
    plan: Plan,
    tier: str | None,
    needs: TierNeeds | None = None,
    language: Language = Language.EN,
) -> tuple[Level, ...]:
    """Return a plan's tiers, lowest first; none when it has none."""
    wanted = [need for need in (needs.next, needs.keep) if need] if needs else []
    to_go = {need.tier: _to_go(need, plan.currency, tier, language) for need in wanted}
    return tuple(
        Level(
            name=each.name,
            benefits=each.benefits,
            is_held=each.key == tier,
            to_go=to_go.get(each.key, ""),
        )
        for each in tiers_of(plan)
    )


def _to_go(need: TierNeed, currency: str, tier: str | None, language: Language) -> str:
    if not need.missing:
        return ""
    phrases, amount = CARD_PHRASES[language].levels, _amount(need, currency, language)
    is_held = need.tier == tier
    if need.until is None:
        return fill(phrases.keep if is_held else phrases.missing, {"amount": amount})
    by = phrases.keep_by if is_held else phrases.missing_by
    return fill(by, {"amount": amount, "day": day_text(need.until, language)})


def _amount(need: TierNeed, currency: str, language: Language) -> str:
    match need.type:
        case Measure.SPENDING:
            return money(need.missing, currency, language)
        case Measure.VISITS:
            return count_text(Counts.VISITS, need.missing, language)
        case Measure.POINTS:
            return count_text(Counts.POINTS, need.missing, language)
