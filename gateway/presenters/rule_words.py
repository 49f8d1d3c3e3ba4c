"""How a card works and which limits the engine keeps, in its customer's language."""

from gateway.domain.money import exponent
from gateway.domain.progress import Counts, progress_of
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import EarnBasis, PunchRule, StampRule, Surplus
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.wording import Language, fill
from gateway.presenters.amounts import money
from gateway.presenters.card_phrases.card_phrases import Rules
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.counting import count_text, plural_text, points_text


def how_it_works(plan: Plan, language: Language) -> str:
    """Say what the customer does, and what comes of it, rule by rule."""
    phrases = CARD_PHRASES[language].rules
    return " ".join([phrases.show, *(_how(plan, rule, language) for rule in plan.rules)])


def terms(plan: Plan, language: Language) -> str:
    """Say the limits that the engine keeps."""
    phrases, counts = CARD_PHRASES[language].terms, progress_of(plan, {}).counts
    is_stamps, limits, said = counts is Counts.STAMPS, plan.limits, []
    if limits.cooldown_minutes:
        pause = phrases.pause_stamps if is_stamps else phrases.pause
        minutes = plural_text(phrases.minutes, limits.cooldown_minutes, language)
        said.append(fill(pause, {"minutes": minutes}))
    if is_stamps:
        stamps = count_text(Counts.STAMPS, limits.daily_limit, language)
        said.append(fill(phrases.most_stamps, {"stamps": stamps}))
    else:
        said.append(plural_text(phrases.most, limits.daily_limit, language))
    return " ".join([*said, phrases.not_for_sale[counts]])


def _how(plan: Plan, rule: Rule, language: Language) -> str:
    phrases = CARD_PHRASES[language].rules
    match rule:
        case StampRule():
            return _stamps(plan, rule, language)
        case PunchRule():
            return _punches(plan, rule, language)
        case PointsRule():
            amount = money(int(10 ** exponent(plan.currency)), plan.currency, language)
            points = points_text(rule.points_per_dollar, language)
            return fill(phrases.points, {"amount": amount, "points": points})
        case SpendingRule():
            amount = money(rule.threshold_amount, plan.currency, language)
            values = {"amount": amount, "reward": rule.reward.description}
            return fill(phrases.spending[rule.reset_period], values)
        case VisitRule():
            return _visits(rule, phrases)
        case TierRule():
            names = ", ".join(tier.name for tier in rule.tiers)
            return fill(phrases.levels, {"count": str(len(rule.tiers)), "levels": names})


def _punches(plan: Plan, rule: PunchRule, language: Language) -> str:
    phrases, least = CARD_PHRASES[language].rules, rule.minimum_purchase_amount
    values = {"count": str(rule.target), "reward": rule.reward.description}
    if not least:
        return fill(phrases.punches, values)
    return fill(phrases.punches_from, values | {"amount": money(least, plan.currency, language)})


def _stamps(plan: Plan, rule: StampRule, language: Language) -> str:
    phrases = CARD_PHRASES[language].rules
    values = {
        "earning": _earning(plan, rule, language),
        "count": str(rule.target),
        "reward": rule.reward.description,
    }
    surplus = phrases.surplus if rule.surplus is Surplus.CARRY else ""
    return f"{fill(phrases.stamps, values)} {surplus}".strip()


def _earning(plan: Plan, rule: StampRule, language: Language) -> str:
    phrases, earn = CARD_PHRASES[language].rules, rule.stamp_earn_rule
    if earn.type is EarnBasis.PER_DOLLAR:
        return fill(phrases.per_amount, {"amount": money(earn.value, plan.currency, language)})
    phrase = phrases.per_item if earn.type is EarnBasis.PER_ITEM else phrases.per_visit
    return plural_text(phrase, earn.value, language)


def _visits(rule: VisitRule, phrases: Rules) -> str:
    values = {"count": str(rule.visits_required), "reward": rule.reward.description}
    if rule.consecutive_required:
        return fill(phrases.visits_in_a_row[rule.period], values)
    return fill(phrases.visits, values | {"days": str(rule.within_days)})
