"""What a card says in sentences: how it stands, how it works, and the limits the engine keeps."""

from gateway.domain.money import exponent
from gateway.domain.progress import Counts, Progress, leading
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import EarnBasis, PunchRule, StampRule, Surplus
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.rules.windows import Period
from gateway.presenters.amounts import money
from gateway.presenters.card_face import CardFace

UNUSABLE = "This card can no longer be used. Please ask at the counter."

_COUNTED = {
    Counts.STAMPS: "stamps",
    Counts.PUNCHES: "punches",
    Counts.POINTS: "points",
    Counts.VISITS: "visits",
}
_PERIODS = {
    Period.MONTHLY: " in a calendar month",
    Period.QUARTERLY: " in a quarter",
    Period.YEARLY: " in a calendar year",
    Period.LIFETIME: "",
}


def counted(progress: Progress) -> str:
    """Return how far a card is with what is counted: 6 of 10 stamps, 340 points."""
    if progress.target is None:
        return progress.text
    return f"{progress.text} {_COUNTED.get(progress.counts, progress.unit)}"


def news(face: CardFace) -> str:
    """Say in one sentence how the card stands: what the lock screen shows after a change."""
    if not face.is_usable:
        return UNUSABLE
    return f"{face.stage} {_state(face)}".strip()


def _state(face: CardFace) -> str:
    shown = face.progress
    reward = next((ready.reward.description for ready in face.ready), None)
    if face.is_handing_out:
        return f"Your reward is being handed out: {_promised(face)}."
    if reward and shown.has_places and shown.count == shown.target:
        return f"Your card is full! Your reward is ready: {reward}."
    if reward:
        towards = "" if face.expires_at else _towards(shown)
        return f"Your reward is ready: {reward}. {towards}".strip()
    return f"{_standing(shown)} {outlook(face)}".strip()


def outlook(face: CardFace) -> str:
    """Say what comes next and how far it is, or nothing where nothing does: after the end."""
    shown, plan = face.progress, face.program.plan
    collects = face.expires_at is None
    if collects and shown.missing is not None:
        missing = shown.written(shown.missing)
        unit = f" {shown.unit}" if shown.counts is Counts.MONEY else ""
        return f"{missing}{unit} more for your reward: {promised(plan)}."
    if collects and face.next_prize:
        points = face.next_prize.cost - shown.count
        return f"{points:,} more for: {face.next_prize.name}."
    if face.prizes_ready:
        return f"Enough for: {face.prizes_ready[-1].name}."
    return ""


def promised(plan: Plan) -> str:
    """Return what the leading rule promises; "" where points are spent as one likes."""
    rule = leading(plan)
    return "" if isinstance(rule, PointsRule | TierRule) else rule.reward.description


def how_it_works(plan: Plan) -> str:
    """Say what the customer does, and what comes of it, rule by rule."""
    return " ".join(["Show this code when you pay.", *(_how(plan, rule) for rule in plan.rules)])


def terms(plan: Plan) -> str:
    """Say the limits that the engine keeps."""
    minutes, counts = plan.limits.cooldown_minutes, leading_counts(plan)
    one = "stamp" if counts is Counts.STAMPS else "visit that counts"
    pause = f"The next {one} is possible {minutes} minutes after the last. " if minutes else ""
    most = f"{plan.limits.daily_limit} {'stamps' if counts is Counts.STAMPS else 'times'}"
    what = _COUNTED[counts].capitalize() if counts in _COUNTED else "Rewards"
    return f"{pause}At most {most} a day. {what} cannot be sold, transferred or paid out."


def leading_counts(plan: Plan) -> Counts:
    """Return what the leading rule counts."""
    match leading(plan):
        case StampRule():
            return Counts.STAMPS
        case PunchRule():
            return Counts.PUNCHES
        case SpendingRule():
            return Counts.MONEY
        case VisitRule():
            return Counts.VISITS
        case _:
            return Counts.POINTS


def _promised(face: CardFace) -> str:
    return promised(face.program.plan) or "please show your card"


def _standing(shown: Progress) -> str:
    if shown.counts is Counts.MONEY:
        return f"You have spent {counted(shown)}."
    return f"You have {counted(shown)}."


def _towards(shown: Progress) -> str:
    if shown.target is None:
        return _standing(shown)
    return f"{counted(shown)} towards the next."


def _how(plan: Plan, rule: Rule) -> str:
    match rule:
        case StampRule():
            return (
                f"{_each_stamp(plan, rule)}; {rule.target} stamps make one reward: "
                f"{rule.reward.description}. {_surplus(rule)}"
            ).strip()
        case PunchRule():
            least = rule.minimum_purchase_amount
            of = f" of at least {money(least, plan.currency)}" if least else ""
            return (
                f"Each purchase{of} gives one punch; {rule.target} punches make one reward: "
                f"{rule.reward.description}."
            )
        case PointsRule():
            points = f"{rule.points_per_dollar.normalize():f}"
            noun = "point" if rule.points_per_dollar == 1 else "points"
            return f"Each {money(_one(plan), plan.currency)} spent gives {points} {noun}."
        case SpendingRule():
            spent = money(rule.threshold_amount, plan.currency)
            period = _PERIODS[rule.reset_period]
            return f"{spent} spent{period} make one reward: {rule.reward.description}."
        case VisitRule():
            return f"{_visits(rule)} make one reward: {rule.reward.description}."
        case TierRule():
            return f"There are {len(rule.tiers)} levels: {_levels(rule)}."


def _each_stamp(plan: Plan, rule: StampRule) -> str:
    earn = rule.stamp_earn_rule
    if earn.type is EarnBasis.PER_DOLLAR:
        return f"Each {money(earn.value, plan.currency)} spent give one stamp"
    if earn.type is EarnBasis.PER_ITEM:
        return "Each item gives one stamp" if earn.value == 1 else f"{earn.value} items give one"
    return f"Each visit gives {'one stamp' if earn.value == 1 else f'{earn.value} stamps'}"


def _surplus(rule: StampRule) -> str:
    is_carried = rule.surplus is Surplus.CARRY
    return "Stamps beyond that count towards the next." if is_carried else ""


def _visits(rule: VisitRule) -> str:
    if rule.consecutive_required:
        return f"Visits in {rule.visits_required} {rule.period}s in a row"
    return f"Visits on {rule.visits_required} days within {rule.within_days} days"


def _levels(rule: TierRule) -> str:
    return ", ".join(tier.name for tier in rule.tiers)


def _one(plan: Plan) -> int:
    return int(10 ** exponent(plan.currency))
