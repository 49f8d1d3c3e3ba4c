"""What every step of a redemption posts, tells and answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.sliding import ends_after_use
from gateway.domain.events.base import Event
from gateway.domain.events.rewards import RedemptionReversed, RewardRedeemed, RewardReserved
from gateway.domain.ledger import TransactionKind, Transfer, after
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import progress_of
from gateway.domain.redemptions import Redemption
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import Redeeming, body_of, shown
from gateway.services.cards.commands import Command
from gateway.services.cards.posting import Decision
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a redemption came to, and what its card moves for that.

    `used_at` is when the card was used last, from which its unused value is kept on.
    """

    transaction_id: UUID
    kind: TransactionKind
    transfer: Transfer
    redemption: Redemption
    facts: tuple[Event, ...]
    used_at: datetime
    reverses: UUID | None = None


async def decision_of(unit: Unit, command: Command, standing: Standing, step: Step) -> Decision:
    """Return the decision to post a step; its day counts as no visit and earns nothing."""
    location_id = command.principal.location_id
    version = await unit.programs.version(standing.program_version_id)
    clock = await unit.merchants.clock(location_id)
    return Decision(
        transaction_id=step.transaction_id,
        kind=step.kind,
        transfers=(step.transfer,),
        standing=standing,
        facts=step.facts,
        body=_body(version, standing, step),
        day=Day(day=business_day(unit.now, clock)),
        location_id=location_id,
        slides=ends_after_use(version.plan, standing.balances, step.used_at, clock),
        reverses=step.reverses,
    )


def fact_of(
    kind: type[RewardReserved | RewardRedeemed | RedemptionReversed], redemption: Redemption
) -> Event:
    """Return the fact that this happened to a redemption."""
    return kind(
        card_id=redemption.card_id,
        redemption_id=redemption.id,
        reward_id=redemption.reward_id,
        unit=redemption.unit,
        cost=redemption.cost,
    )


def _body(version: ProgramVersion, standing: Standing, step: Step) -> str:
    redemption, balances = step.redemption, after(standing.balances, [step.transfer])
    return body_of(
        Redeeming(
            redemption_id=redemption.id,
            card_id=redemption.card_id,
            reward_id=redemption.reward_id,
            reward=redemption.name,
            unit=redemption.unit,
            cost=redemption.cost,
            status=redemption.status,
            fulfilment=redemption.fulfilment,
            code=redemption.code,
            expires_at=redemption.expires_at,
            progress=shown(progress_of(version.plan, balances, standing.memory)),
        )
    )
