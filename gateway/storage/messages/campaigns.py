"""Campaigns: what their authors decided, and how far the worker is with each."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.domain.campaigns import Audience, Campaign, CampaignStatus, Content, Plan
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.messages import Channel
from gateway.storage.queues.turns import FIRST, TURN_MERCHANTS_MAX, merchants_waiting
from gateway.storage.tables import campaigns

PAGE_ROWS_MAX = 100
UNDER_WAY_MAX = 50

_TAKE_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:merchant, 2))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headway:
    """How far the worker is: up to whom recipients are written down, when it last released any.

    `google_mode` is `class` or `object`, and `announced` once everybody's message is on its way.
    """

    prepared_after: UUID | None = None
    released_at: datetime | None = None
    google_mode: str | None = None


class Campaigns:
    """The merchant's campaigns."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, campaign: Campaign, created_by: UUID | None) -> None:
        """Keep a new campaign."""
        await self._connection.execute(
            insert(campaigns).values(
                merchant_id=self._merchant_id,
                id=campaign.id,
                status=campaign.status,
                revision=campaign.revision,
                created_by=created_by,
                created_at=campaign.created_at,
                **_plan_columns(campaign.plan),
            )
        )

    async def one(self, campaign_id: UUID) -> Campaign:
        """Return a campaign; raises `NotFound`."""
        return _campaign(await self._row(campaign_id))

    async def hold(self, campaign_id: UUID) -> tuple[Campaign, Headway]:
        """Return a campaign that nobody else can move before the unit ends; raises `NotFound`."""
        row = await self._row(campaign_id, is_held=True)
        headway = Headway(
            prepared_after=row.prepared_after,
            released_at=row.released_at,
            google_mode=row.google_mode,
        )
        return _campaign(row), headway

    async def page(self, rows: int, after: tuple[datetime, UUID] | None = None) -> list[Campaign]:
        """Return campaigns, newest first, that come after the last one seen; at most 100."""
        table = campaigns.c
        query = (
            select(campaigns)
            .where(table.merchant_id == self._merchant_id)
            .order_by(table.created_at.desc(), table.id.desc())
            .limit(min(rows, PAGE_ROWS_MAX))
        )
        if after:
            query = query.where(tuple_(table.created_at, table.id) < tuple_(*after))
        return [_campaign(row) for row in await self._connection.execute(query)]

    async def change(self, campaign: Campaign, *, revision: int) -> None:
        """Write a draft's plan, if it still is at `revision`.

        Raises `ChangedMeanwhile` when somebody was faster.
        """
        changed = await self._connection.execute(
            update(campaigns)
            .where(
                self._named(campaign.id),
                campaigns.c.revision == revision,
                campaigns.c.status == CampaignStatus.DRAFT,
            )
            .values(revision=campaign.revision, **_plan_columns(campaign.plan))
        )
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def move(self, campaign: Campaign) -> None:
        """Write where a campaign stands; the caller holds it."""
        await self._write(
            campaign.id,
            status=campaign.status,
            revision=campaign.revision,
            scheduled_at=campaign.scheduled_at,
            prepared_at=campaign.prepared_at,
            ended_at=campaign.ended_at,
            failure=campaign.failure,
        )

    async def aim(self, campaign: Campaign) -> None:
        """Write whom a campaign is for; the caller holds it."""
        await self._write(campaign.id, audience=msgspec.to_builtins(campaign.plan.audience))

    async def advance(self, campaign_id: UUID, headway: Headway) -> None:
        """Write how far the worker is; the caller holds the campaign."""
        await self._write(campaign_id, **asdict(headway))

    async def take_turn(self) -> bool:
        """Keep every other worker from the merchant's campaigns until the unit ends.

        Return False when another has its turn. What campaigns may send is shared between them:
        a customer's budget would be spent twice by two who look at the same time.
        """
        taken = await self._connection.execute(_TAKE_TURN, {"merchant": str(self._merchant_id)})
        is_ours: bool = taken.scalar_one()
        return is_ours

    async def under_way(self, now: datetime) -> list[UUID]:
        """Return the campaigns with something to do, oldest first."""
        found = await self._connection.execute(
            select(campaigns.c.id)
            .where(campaigns.c.merchant_id == self._merchant_id, _under_way(now))
            .order_by(campaigns.c.created_at, campaigns.c.id)
            .limit(UNDER_WAY_MAX)
        )
        return list(found.scalars())

    async def _row(self, campaign_id: UUID, *, is_held: bool = False) -> Row[Any]:
        query = select(campaigns).where(self._named(campaign_id))
        if is_held:
            # Rows that refer to the campaign may be written meanwhile.
            query = query.with_for_update(key_share=True)
        row = (await self._connection.execute(query)).first()
        if row is None:
            raise NotFound("This campaign does not exist.")
        return row

    async def _write(self, campaign_id: UUID, **values: object) -> None:
        await self._connection.execute(
            update(campaigns).where(self._named(campaign_id)).values(**values)
        )

    def _named(self, campaign_id: UUID) -> ColumnElement[bool]:
        return and_(campaigns.c.merchant_id == self._merchant_id, campaigns.c.id == campaign_id)


async def merchants_with_campaigns(
    engine: AsyncEngine, now: datetime, after: UUID
) -> tuple[list[UUID], UUID]:
    """Return merchants with campaigns under way, from the one `after` on, and where to go on.

    At most `TURN_MERCHANTS_MAX`. Needs the worker's role.
    """
    async with engine.connect() as connection:
        found = await connection.execute(
            merchants_waiting(campaigns.c.merchant_id, _under_way(now), after)
        )
        waiting = [row.merchant_id for row in found]
    return waiting, waiting[-1] if len(waiting) == TURN_MERCHANTS_MAX else FIRST


def _under_way(now: datetime) -> ColumnElement[bool]:
    """Due or begun, or over with messages that are still queued."""
    table = campaigns.c
    return and_(
        table.ended_at.is_(None),
        table.status.not_in([CampaignStatus.DRAFT, CampaignStatus.PAUSED]),
        or_(
            table.status != CampaignStatus.SCHEDULED,
            func.coalesce(table.scheduled_at, table.created_at) <= now,
        ),
    )


def _plan_columns(plan: Plan) -> dict[str, object]:
    return {
        "name": plan.name.strip(),
        "audience": msgspec.to_builtins(plan.audience),
        "channels": list(plan.channels),
        "contents": msgspec.to_builtins(dict(plan.contents)),
        "per_minute_max": plan.per_minute_max,
    }


def _campaign(row: Row[Any]) -> Campaign:
    plan = Plan(
        name=row.name,
        channels=tuple(Channel(name) for name in row.channels),
        contents=msgspec.convert(row.contents, dict[str, Content]),
        audience=msgspec.convert(row.audience, Audience),
        per_minute_max=row.per_minute_max,
    )
    return Campaign(
        id=row.id,
        status=CampaignStatus(row.status),
        revision=row.revision,
        plan=plan,
        created_at=row.created_at,
        scheduled_at=row.scheduled_at,
        prepared_at=row.prepared_at,
        ended_at=row.ended_at,
        failure=row.failure,
    )
