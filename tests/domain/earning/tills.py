"""Makers of what earning is about: a version of a plan, a card, a visit, a sale, and a till."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.earning.refunds import reassess
from gateway.domain.earning.standings import standing_after
from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import Look, ProgramStatus, ProgramVersion
from gateway.domain.rules.happenings import Happening, Line, Sale
from gateway.domain.rules.outcomes import Explanation, Outcome, PastSale
from gateway.domain.rules.plan import Limits, Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import EarnBasis, PunchRule, StampEarnRule, StampRule

ID = UUID(int=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
TODAY = business_day(NOON, CLOCK)
COFFEE = FreeItem(description="A free coffee")
PATIENT = Limits(cooldown_minutes=0, daily_limit=1_000)


def version(*rules: Rule, **plan: object) -> ProgramVersion:
    """Return a version of a plan with these rules, by default without cooldown."""
    return ProgramVersion(
        id=ID,
        program_id=ID,
        number=1,
        name="Card",
        plan=Plan(**{"rules": rules, "limits": PATIENT} | plan),  # type: ignore[arg-type]
        look=Look(),
    )


def card(balances: Balances | None = None, **changes: object) -> Standing:
    """Return a card of a running program; `balances` by unit and account."""
    values = {
        "card_id": ID,
        "program_id": ID,
        "program_version_id": ID,
        "program_status": ProgramStatus.ACTIVE,
        "version": 1,
        "opened_at": NOON,
        "balances": balances or {},
    }
    return Standing(**values | changes)  # type: ignore[arg-type]


def holding(unit: str, available: int, pending: int = 0, **changes: object) -> Standing:
    """Return a card that holds something of one unit."""
    accounts = {
        Account.AVAILABLE: available,
        Account.PENDING: pending,
        Account.ISSUED: -available - pending,
    }
    return card({unit: accounts}, **changes)


def stamps(required: int = 10, **rule: object) -> StampRule:
    """Return a stamp card's rule."""
    return StampRule(**{"stamps_required": required, "reward": COFFEE} | rule)  # type: ignore[arg-type]


def stamps_per(
    kind: EarnBasis, value: int, *, carry: bool = False, required: int = 10, **rule: object
) -> StampRule:
    """Return a stamp card's rule that gives a stamp per so much of something."""
    earn = StampEarnRule(type=kind, value=value, carry_remainder=carry)
    return stamps(required, stamp_earn_rule=earn, **rule)


def punches(required: int = 10, **rule: object) -> PunchRule:
    """Return a punch card's rule."""
    return PunchRule(**{"punches_required": required, "reward": COFFEE} | rule)  # type: ignore[arg-type]


def points(per_dollar: str = "1", **rule: object) -> PointsRule:
    """Return a points rule, so many for a whole euro."""
    return PointsRule(**{"points_per_dollar": Decimal(per_dollar)} | rule)  # type: ignore[arg-type]


def line(amount: int, category: str | None = None, **values: object) -> Line:
    """Return a line of a sale."""
    return Line(amount=amount, category=category, **values)  # type: ignore[arg-type]


def sale(paid: int, refunded: int = 0, currency: str = "EUR") -> Sale:
    """Return a sale without lines."""
    return Sale(currency=currency, total_paid=paid, total_refunded=refunded)


def basket(*lines: Line, refunded: int = 0) -> Sale:
    """Return a sale of these lines."""
    paid = sum(each.amount for each in lines)
    return Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=lines)


def judge(
    plan: ProgramVersion,
    bought: Sale | None = None,
    standing: Standing | None = None,
    now: datetime = NOON,
    clock: BusinessClock = CLOCK,
) -> Outcome:
    """Evaluate a visit, or a sale, on a card."""
    happening = Happening(clock=clock, location_id=ID, sale=bought)
    return evaluate(plan, standing or card(), happening, now)


def refund(
    plan: ProgramVersion,
    outcome: Outcome,
    standing: Standing,
    bought: Sale,
    now: datetime = NOON,
) -> Outcome:
    """Reassess a sale that was evaluated or reassessed before."""
    return reassess(plan, past(outcome), standing, bought, now)


def past(outcome: Outcome) -> PastSale:
    """Return what is kept of a sale after an outcome."""
    assert outcome.basis is not None
    day = business_day(outcome.basis.earned_at, outcome.basis.clock)
    return PastSale(basis=outcome.basis, day=day, given=outcome.given, transactions=(ID,))


def posted(standing: Standing, outcome: Outcome) -> Standing:
    """Return the card once an outcome is posted on it."""
    assert outcome.refusal is None
    assert outcome.day is not None
    after = standing_after(standing, outcome.transfers, outcome.day, outcome.memory)
    return replace(after, last_earned_at=outcome.last_earned_at or standing.last_earned_at)


def said(outcome: Outcome, rule: str) -> Explanation:
    """Return what a rule said first."""
    return next(each for each in outcome.explanations if each.rule == rule)
