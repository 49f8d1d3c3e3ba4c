"""How many days of a card's history a plan needs to judge what happens today."""

from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.tiers import Threshold, TierRule, Window
from gateway.domain.rules.visits import Beat, VisitRule
from gateway.domain.rules.windows import ROLLING_DAYS, Period

LOOK_BACK_DAYS_MAX = 400

_CAP_DAYS = {
    CapSpan.TRANSACTION: 0,
    CapSpan.DAY: 0,
    CapSpan.WEEK: 7,
    CapSpan.MONTH: 31,
    CapSpan.PROGRAM: 0,
}
_BEAT_DAYS = {Beat.DAY: 1, Beat.WEEK: 7, Beat.MONTH: 31}
_CALENDAR_DAYS = {Period.MONTHLY: 31, Period.QUARTERLY: 92, Period.YEARLY: 366}


def look_back_days(plan: Plan) -> int:
    """Return how many business days to read, today included, at most 400.

    0 when today is all a plan needs. Spending is remembered, so it needs no days. Of a streak the
    days serve those taken back and those reported late; of more than 400 the rest is not seen.
    """
    needs = [_cap_days(cap) for cap in plan.caps] + [_rule_days(rule) for rule in plan.rules]
    return min(max(needs), LOOK_BACK_DAYS_MAX)


def _cap_days(cap: Cap) -> int:
    return _CAP_DAYS[cap.per]


def _rule_days(rule: Rule) -> int:
    match rule:
        case TierRule():
            return max(_threshold_days(rule.window, tier.threshold) for tier in rule.tiers)
        case VisitRule(consecutive_required=True):
            return rule.visits_required * _BEAT_DAYS[rule.period]
        case VisitRule():
            return rule.within_days
        case _:
            return 0


def _threshold_days(window: Window, threshold: Threshold) -> int:
    """Return a window's days and one more: a review judges the window up to the day before."""
    if threshold.period is Period.LIFETIME:
        return 0
    days = _CALENDAR_DAYS if window is Window.CALENDAR else ROLLING_DAYS
    return days[threshold.period] + 1
