"""The pump: takes campaigns from their hour to their end, a small step of each at a time."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from gateway.domain.campaigns import Campaign, CampaignCommand, CampaignStatus, next_status
from gateway.domain.events.campaigns import CampaignFailed, CampaignSent, CampaignStarted
from gateway.domain.messages import Channel
from gateway.services.campaigns.preparing import TO_CLASS, google_mode, prepare
from gateway.services.campaigns.reconciling import reconcile
from gateway.services.campaigns.releasing import is_done, release
from gateway.storage.database import OUTAGES, Database
from gateway.storage.messages.campaigns import Headway, merchants_with_campaigns
from gateway.storage.queues.turns import FIRST
from gateway.storage.unit import Unit
from workers.alarm import Alarm
from workers.planning.campaigns import plan_portion

POLL_SECONDS = 1.0
FULL_POLL_SECONDS = 0.1
"""While as much is on its way as may be, room is made all the time."""
PAUSE_SECONDS = 1.0
PREPARE_TRIES_MAX = 5
SWEEP_ROWS_MAX = 5_000
RECONCILE_EVERY = timedelta(seconds=15)


class Pump:
    """Moves the campaigns of all merchants on, in turns, until it is stopped.

    A step is one transaction in which the merchant's turn and the campaign are ours: however
    many workers there are, throttles and budgets are looked at by one of them at a time, and a
    person who pauses or cancels waits for one small step at the most.
    """

    def __init__(
        self,
        database: Database,
        new_id: Callable[[], UUID],
        now: Callable[[], datetime],
        ring: Callable[[], None],
    ) -> None:
        """Take the database on the worker's role, and whom to wake when deliveries wait."""
        self._database = database
        self._new_id = new_id
        self._now = now
        self._ring = ring
        self._alarm = Alarm()
        self._is_full = False
        self._failures: Counter[UUID] = Counter()
        self._reconciled_at: dict[UUID, datetime] = {}
        self._log = structlog.get_logger()

    def wake(self) -> None:
        """Look now instead of at the next poll."""
        self._alarm.ring()

    async def run(self, stop: asyncio.Event) -> None:
        """Move campaigns on until `stop`; look whenever woken, and each second by itself."""
        while not stop.is_set():
            try:
                while await self.turn(stop) and not stop.is_set():
                    pass
                await self._alarm.wait(FULL_POLL_SECONDS if self._is_full else POLL_SECONDS)
            except Exception as error:  # noqa: BLE001 -- the world comes back, and rows wait
                self._log.warning("pump_interrupted", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)

    async def turn(self, stop: asyncio.Event) -> bool:
        """Take a step with every campaign under way; return whether any is to go on at once."""
        after, goes_on, self._is_full = FIRST, False, False
        while not stop.is_set():
            merchants, after = await merchants_with_campaigns(
                self._database.engine, self._now(), after
            )
            for merchant_id in merchants:
                goes_on |= await self._turn_of(merchant_id)
            if after == FIRST:
                break
        return goes_on

    async def _turn_of(self, merchant_id: UUID) -> bool:
        async with self._database.units(merchant_id) as unit:
            campaigns = await unit.campaigns.under_way(self._now())
        goes_on = False
        for campaign_id in campaigns:
            try:
                goes_on |= await self._step(merchant_id, campaign_id)
                self._failures.pop(campaign_id, None)
            except OUTAGES:
                raise
            except Exception as error:  # noqa: BLE001 -- one campaign holds up no other
                await self._count(merchant_id, campaign_id, error)
        return goes_on

    async def _step(self, merchant_id: UUID, campaign_id: UUID) -> bool:
        """Take one step with a campaign; return whether the next should follow at once."""
        now = self._now()
        async with self._database.units(merchant_id) as unit:
            if not await unit.campaigns.take_turn():
                return False
            campaign, headway = await unit.campaigns.hold(campaign_id)
            match campaign.status:
                case CampaignStatus.SCHEDULED:
                    goes_on = await self._start(unit, campaign, now)
                case CampaignStatus.PREPARING:
                    goes_on = await self._prepare(unit, campaign, headway, now)
                case CampaignStatus.SENDING:
                    goes_on = await self._send(unit, campaign, headway, now)
                case CampaignStatus.CANCELLED | CampaignStatus.FAILED:
                    goes_on = await self._wind_up(unit, campaign, headway, now)
                case _:
                    goes_on = False
        if goes_on:
            self._ring()
        return goes_on

    async def _start(self, unit: Unit, campaign: Campaign, now: datetime) -> bool:
        if campaign.scheduled_at is not None and campaign.scheduled_at > now:
            return False
        await _move(unit, campaign, CampaignCommand.PREPARE)
        unit.announce(CampaignStarted(campaign_id=campaign.id))
        self._tell(campaign, "campaign_started")
        return True

    async def _prepare(
        self, unit: Unit, campaign: Campaign, headway: Headway, now: datetime
    ) -> bool:
        further = await prepare(unit, campaign, headway, now, self._new_id)
        if further is not None:
            await unit.campaigns.advance(campaign.id, further)
            return True
        mode = await google_mode(unit, campaign)
        await unit.campaigns.advance(campaign.id, replace(headway, google_mode=mode))
        await _move(unit, replace(campaign, prepared_at=unit.now), CampaignCommand.BEGIN)
        self._tell(campaign, "campaign_prepared")
        return True

    async def _send(self, unit: Unit, campaign: Campaign, headway: Headway, now: datetime) -> bool:
        portion = await release(unit, campaign, headway, now)
        if portion.claimed:
            wanted = await plan_portion(unit, campaign.id, portion, self._new_id)
            await unit.deliveries.plan(wanted, unit.now)
            return True
        self._is_full |= portion.is_full
        await self._reconcile(unit, campaign, headway, now)
        if await is_done(unit, campaign):
            await _move(unit, replace(campaign, ended_at=unit.now), CampaignCommand.FINISH)
            unit.announce(CampaignSent(campaign_id=campaign.id))
            self._reconciled_at.pop(campaign.id, None)
            self._tell(campaign, "campaign_sent")
        return False

    async def _reconcile(
        self, unit: Unit, campaign: Campaign, headway: Headway, now: datetime
    ) -> None:
        """Look now and then for messages that are on their way without a delivery."""
        before = self._reconciled_at.get(campaign.id)
        if before is not None and now - before < RECONCILE_EVERY:
            return
        self._reconciled_at[campaign.id] = now
        moved = await reconcile(unit, campaign, headway, now)
        if moved:
            self._log.warning("messages_reconciled", campaign=str(campaign.id), count=moved)

    async def _wind_up(
        self, unit: Unit, campaign: Campaign, headway: Headway, now: datetime
    ) -> bool:
        """Call skipped what was never released, then let the campaign rest."""
        # What goes to everybody together is handed to nobody before the last one is released.
        untold = Channel.GOOGLE if headway.google_mode == TO_CLASS else None
        if await unit.campaign_messages.sweep(campaign.id, now, SWEEP_ROWS_MAX, untold=untold):
            return True
        await unit.campaigns.move(replace(campaign, ended_at=unit.now))
        return False

    async def _count(self, merchant_id: UUID, campaign_id: UUID, error: Exception) -> None:
        """Log a failed step; a campaign that cannot be prepared again and again has failed."""
        self._failures[campaign_id] += 1
        reason = type(error).__name__
        self._log.error("campaign_step_failed", campaign=str(campaign_id), why=reason)
        if self._failures[campaign_id] < PREPARE_TRIES_MAX:
            return
        async with self._database.units(merchant_id) as unit:
            campaign, _ = await unit.campaigns.hold(campaign_id)
            if campaign.status is CampaignStatus.PREPARING:
                await _move(unit, replace(campaign, failure=reason), CampaignCommand.FAIL)
                unit.announce(CampaignFailed(campaign_id=campaign_id))
                self._tell(campaign, "campaign_failed")

    def _tell(self, campaign: Campaign, what: str) -> None:
        self._log.info(what, campaign=str(campaign.id))


async def _move(unit: Unit, campaign: Campaign, command: CampaignCommand) -> None:
    status = next_status(campaign.status, command)
    await unit.campaigns.move(replace(campaign, status=status, revision=campaign.revision + 1))
