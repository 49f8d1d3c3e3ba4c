"""The demo's second kind of card: points, two levels, and something to spend the points on."""

from decimal import Decimal

from gateway.domain.business_day import BusinessClock
from gateway.domain.people import Origin, Principal
from gateway.domain.programs import Look
from gateway.domain.rewards import Reward, RewardDesign
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.plan import Limits, Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.resources import Resources, new_id
from gateway.services.merchants.designing import Design
from gateway.services.people.credentials import hash_secret
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.storage.cards.cards import Card

CLUB = Design(
    name="Bean club",
    plan=Plan(
        rules=(
            PointsRule(points_per_dollar=Decimal(1)),
            TierRule(
                tiers=(
                    Tier(
                        key="silver",
                        name="Silver",
                        threshold=Threshold(type=Measure.SPENDING, value=10_000),
                        benefits=("A coffee on your birthday",),
                    ),
                    Tier(
                        key="gold",
                        name="Gold",
                        threshold=Threshold(type=Measure.SPENDING, value=50_000),
                        benefits=("A coffee on your birthday", "Double points"),
                        multipliers={"point": Decimal(2)},
                    ),
                )
            ),
        ),
        limits=Limits(cooldown_minutes=0, daily_limit=50),
        expiry=RollingExpiry(months=12),
    ),
    look=Look(background="#3b2a4d", foreground="#ffffff", label="#e2d5f2"),
)
BEANS = RewardDesign(name="A bag of beans", unit="point", cost=200)
PURCHASES = (4_250, 11_200)
"""What each member of the club spent until now, in cents."""


async def spend(
    resources: Resources, card: Card, amount: int, principal: Principal, clock: BusinessClock
) -> None:
    """Let a member of the club have spent an amount, in cents."""
    assert principal.location_id is not None, "a purchase is made somewhere"
    name = f"demo {card.id}"
    await record_sale(
        resources.units,
        RecordSale(
            principal=principal,
            origin=Origin(source="demo"),
            key=name,
            fingerprint=hash_secret(name),
            card_id=card.id,
            source="demo",
            reference=name,
            sale=Sale(currency=CLUB.plan.currency, total_paid=amount),
            location_id=principal.location_id,
            clock=clock,
        ),
        new_id,
    )


def beans(card: Card) -> Reward:
    """Return what the club's points are for."""
    return Reward(id=new_id(), program_id=card.program_id, design=BEANS)
