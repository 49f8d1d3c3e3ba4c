"""The programs that the ledger is tried with, and what each gives, told in plain numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import Milestone, PunchRule
from tests.plans import UNLIMITED, stamp_plan
from tests.storage.ledger_cards import LATER_DAYS

TARGET = 3
PUNCH_LEAST = 350
MONTH_MAX, BUDGET = 5, 6
THRESHOLD = 1_000
HALF, SPENDING = "voucher:half", "voucher:spending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A program: its plan, and what the model has to know of it.

    `unit` is what its leading rule counts and `prices` what its rewards cost. `worth(net, room,
    before)` is what a sale of so many cents gives by unit, while caps leave so much room and with
    so much on the card before.
    """

    name: str
    plan: Plan
    unit: str
    prices: tuple[tuple[str, int], ...]
    worth: Callable[[int, int, int], dict[str, int]]
    visit: int = 0
    visit_refusal: str = ""
    holds_back: bool = False
    ends: int | None = None
    room: tuple[int, int] | None = None
    threshold: int | None = None


def _stamps(net: int, _room: int, _before: int) -> dict[str, int]:
    return {"stamp": 1} if net else {}


def _points(net: int, _room: int, _before: int) -> dict[str, int]:
    return {"point": net // 100}


def _punches(net: int, room: int, before: int) -> dict[str, int]:
    punches = min(int(net >= PUNCH_LEAST), room)
    passed = range(before + 1, before + punches + 1)
    return {
        "stamp": punches,
        HALF: sum(number > 0 and number % TARGET == TARGET - 1 for number in passed),
    }


STAMPS = Kind(
    name="stamps",
    plan=stamp_plan(TARGET),
    unit="stamp",
    prices=(("stamp", TARGET),),
    worth=_stamps,
    visit=1,
)

POINTS = Kind(
    name="points",
    plan=replace(
        Plan(rules=(PointsRule(points_per_dollar=Decimal(1)),), limits=UNLIMITED),
        pending_days=3,
        expiry=RollingExpiry(months=12, end_of_month=False),
    ),
    unit="point",
    prices=(("point", 5), ("point", 2)),
    worth=_points,
    visit_refusal="amount_needed",
    holds_back=True,
    ends=LATER_DAYS,
)

HYBRID = Kind(
    name="hybrid",
    plan=Plan(
        rules=(
            PunchRule(
                punches_required=TARGET,
                minimum_purchase_amount=PUNCH_LEAST,
                reward=FreeItem(description="Lunch"),
                intermediate_rewards=(
                    Milestone(key="half", at=TARGET - 1, reward=FreeItem(description="Soup")),
                ),
            ),
            SpendingRule(threshold_amount=THRESHOLD, reward=FreeItem(description="A cake")),
        ),
        limits=UNLIMITED,
        caps=(
            Cap(unit="stamp", per=CapSpan.MONTH, amount=MONTH_MAX),
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=BUDGET),
        ),
    ),
    unit="stamp",
    prices=(("stamp", TARGET), (HALF, 1), (SPENDING, 1)),
    worth=_punches,
    visit_refusal="amount_needed",
    room=(MONTH_MAX, BUDGET),
    threshold=THRESHOLD,
)

KINDS = {kind.name: kind for kind in (STAMPS, POINTS, HYBRID)}
