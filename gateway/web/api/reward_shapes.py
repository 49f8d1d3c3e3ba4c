"""Rewards and redemptions as the API writes and reads them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from gateway.domain import claims as rules
from gateway.domain import redemptions as domain
from gateway.domain import rewards as catalogue
from gateway.domain.configurations.writing import written
from gateway.domain.redemptions import Fulfilment, RedemptionStatus
from gateway.domain.rewards import STOCK_MAX

CODE_CHARACTERS_MAX = 16

# What only describes: the rules find all faults at once, where msgspec stops at the first.
WrittenDesign = Annotated[
    dict[str, Any],
    msgspec.Meta(extra_json_schema={"allOf": [{"$ref": "#/components/schemas/RewardDesign"}]}),
]
Stock = Annotated[
    int, msgspec.Meta(ge=0, le=STOCK_MAX, description="How many there are; null is without end.")
]


class NewReward(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reward for a program's catalogue, and how many of it there are."""

    design: WrittenDesign
    stock: Stock | None = None


class ChangedReward(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a reward is from now on; its stock is changed separately."""

    design: WrittenDesign


class Restock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many to add, or below zero to take away; null is without end from now on."""

    add: Annotated[int, msgspec.Meta(ge=-STOCK_MAX, le=STOCK_MAX)] | None


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """A reward of a version, or of the catalogue; `revision` is what its ETag holds.

    One that a version promises has its id and the key of what promised it, and never changes.
    """

    id: UUID
    program_id: UUID
    program_version_id: UUID | None
    key: str | None
    design: WrittenDesign
    stock: int | None
    revision: int


class Rewards(msgspec.Struct, frozen=True):
    """What a program promises now, and then its catalogue."""

    items: list[Reward]


class CardReward(msgspec.Struct, frozen=True, kw_only=True):
    """A reward as a card stands to it.

    `missing` is how much of its unit is missing; `reason` and `sentence` say why the card cannot
    have it now, and are null when it can. What describes it is as its merchant wrote it first;
    `image` is an address that begins with https://.
    """

    reward_id: UUID
    name: str
    category: str | None
    description: str | None
    terms: str | None
    image: str | None
    unit: str
    cost: int
    is_ready: bool
    missing: int
    reason: str | None
    sentence: str | None


class CardRewards(msgspec.Struct, frozen=True):
    """What a card can have now, and then what it is on its way to."""

    items: list[CardReward]


class Reservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The reward to set aside, one at a time."""

    reward_id: UUID
    quantity: Literal[1] = 1


class RedemptionSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that a customer shows; without one, everything that waits is listed."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=CODE_CHARACTERS_MAX)] | None = None


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption with its whole life so far; `unit` and `cost` are what was paid for it."""

    redemption_id: UUID
    card_id: UUID
    reward_id: UUID
    reward: str
    unit: str
    cost: int
    status: RedemptionStatus
    fulfilment: Fulfilment
    code: str
    reserved_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    fulfilled_at: datetime | None
    fulfilled_by: str | None
    reversed_at: datetime | None


class Redemptions(msgspec.Struct, frozen=True):
    """What waits to be handed out, or for what is still to be done, oldest first."""

    items: list[Redemption]


def shown(reward: catalogue.Reward) -> Reward:
    """Return a reward as answers carry it."""
    return Reward(
        id=reward.id,
        program_id=reward.program_id,
        program_version_id=reward.program_version_id,
        key=reward.key,
        design=written(reward.design),
        stock=reward.stock,
        revision=reward.revision,
    )


def shown_claim(claim: rules.Claim) -> CardReward:
    """Return how a card stands to a reward as answers carry it."""
    reward, obstacle = claim.reward, claim.obstacle
    return CardReward(
        reward_id=reward.id,
        name=reward.name,
        category=reward.design.category,
        description=reward.design.description,
        terms=reward.design.terms,
        image=reward.design.image,
        unit=reward.unit,
        cost=reward.cost,
        is_ready=claim.is_ready,
        missing=claim.missing,
        reason=obstacle.code if obstacle else None,
        sentence=obstacle.sentence if obstacle else None,
    )


def shown_redemption(redemption: domain.Redemption) -> Redemption:
    """Return a redemption as answers carry it."""
    return Redemption(
        redemption_id=redemption.id,
        card_id=redemption.card_id,
        reward_id=redemption.reward_id,
        reward=redemption.name,
        unit=redemption.unit,
        cost=redemption.cost,
        status=redemption.status,
        fulfilment=redemption.fulfilment,
        code=redemption.code,
        reserved_at=redemption.reserved_at,
        expires_at=redemption.expires_at,
        ended_at=redemption.ended_at,
        fulfilled_at=redemption.fulfilled_at,
        fulfilled_by=redemption.fulfilled_by,
        reversed_at=redemption.reversed_at,
    )
