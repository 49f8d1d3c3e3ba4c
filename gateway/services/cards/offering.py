"""Offering: which rewards there are for a card, and how the card stands to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.claims import Claim, Claimant, claims
from gateway.domain.ledger import Account, Balances, Transfer, after
from gateway.domain.merging import Part
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.domain.rewards import Reward, promised
from gateway.domain.rules.keys import POINT, REMAINDER_PREFIX
from gateway.storage.cards.cards import Card
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A card with what its program promises it, as it comes to the counter."""

    card_id: UUID
    card_status: CardStatus
    program_status: ProgramStatus
    program_ended_at: datetime | None
    version: ProgramVersion
    balances: Balances = field(default_factory=dict)
    tier: str | None

    def claimant(self, had: Mapping[UUID, int], now: datetime) -> Claimant:
        """Return who claims, given how often they had which reward."""
        return Claimant(
            card_status=self.card_status,
            program_status=self.program_status,
            program_ended_at=self.program_ended_at,
            plan=self.version.plan,
            balances=self.balances,
            tier=self.tier,
            had=had,
            now=now,
        )


def of_standing(standing: Standing, version: ProgramVersion) -> Customer:
    """Return a card as the ledger reads it."""
    return Customer(
        card_id=standing.card_id,
        card_status=standing.card_status,
        program_status=standing.program_status,
        program_ended_at=standing.program_ended_at,
        version=version,
        balances=standing.balances,
        tier=standing.tier,
    )


def of_card(card: Card, version: ProgramVersion) -> Customer:
    """Return a card as pages show it."""
    return Customer(
        card_id=card.id,
        card_status=card.status,
        program_status=card.program_status,
        program_ended_at=card.program_ended_at,
        version=version,
        balances=card.balances,
        tier=card.tier,
    )


async def offered(unit: Unit, customer: Customer) -> list[Reward]:
    """Return the rewards there are for a card: its version's, the catalogue's, and what is left.

    What it collected for a reward that its version no longer promises is worth what the latest
    version gave for it.
    """
    version = customer.version
    rewards = await unit.rewards.of_program(version.program_id, version.id)
    units = {each.unit for each in promised(version)} | {POINT}
    left = [
        name
        for name, accounts in customer.balances.items()
        if accounts.get(Account.AVAILABLE, 0) > 0
        and name not in units
        and not name.startswith(REMAINDER_PREFIX)
    ]
    if left:
        rewards += await unit.rewards.no_longer_promised(version.program_id, left)
    return rewards


async def had(unit: Unit, card_id: UUID, rewards: Sequence[Reward]) -> Mapping[UUID, int]:
    """Return how often a card had those of the rewards that customers get so many times only."""
    limited = [reward.id for reward in rewards if reward.design.per_member_max is not None]
    return await unit.redemptions.had(card_id, limited) if limited else {}


async def claims_of(unit: Unit, customer: Customer) -> tuple[Claim, ...]:
    """Return what a card can have now and what is missing for the rest, best first.

    What ended counts no more, whether it was taken yet or not.
    """
    overdue = await unit.lots.expired(customer.card_id, unit.now)
    customer = replace(customer, balances=after(customer.balances, map(_ended, overdue)))
    rewards = await offered(unit, customer)
    times = await had(unit, customer.card_id, rewards)
    return claims(rewards, customer.claimant(times, unit.now))


def _ended(part: Part) -> Transfer:
    return Transfer(part.unit, part.account, Account.EXPIRED, part.amount)
