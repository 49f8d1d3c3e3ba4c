"""A mail to 100,000 holders: how long it takes, and what those at the counter feel of it.

`passgate serve` and `passgate work` run as in production, the mail server is a process that takes
everything. Stamps are asked for over HTTP by 16 connections before and during the campaign: as
fast as they are answered, and with a pause after each, as tills do.
"""

import asyncio
import statistics
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from benchmarks.holders import make_reachable
from benchmarks.installation import Installation, installed
from benchmarks.mail_sink import mail_sink, mails_taken
from benchmarks.memory import megabytes
from benchmarks.shop import ORIGIN, Shop, open_shop
from benchmarks.stamps_http import stamp_script
from benchmarks.turns import Figures
from benchmarks.wrk import Load, wrk
from gateway.domain.campaigns import CampaignStatus, Content, Plan
from gateway.domain.messages import Channel
from gateway.resources import new_id
from gateway.services.campaigns.commanding import schedule
from gateway.services.campaigns.drafting import write_draft
from gateway.services.merchants.designing import Author

RECIPIENTS = 100_000
CONNECTIONS = 16
TURNS, TURN_SECONDS = 4, 3
PAUSE_MS = 50
LOOK_SECONDS = 0.5
SECONDS_MAX = 900.0
WORDS = Content(
    subject="Double stamps until Sunday",
    body="This week every coffee counts twice.\n\nSee you soon!",
)
_PACED = f"delay = function() return {PAUSE_MS} end\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """A shop with reachable holders, its worker, and what asks for stamps."""

    here: Installation
    shop: Shop
    worker: subprocess.Popen[bytes]
    script: str
    sql: asyncpg.Connection


@dataclass(slots=True)
class Watched:
    """What was seen of a campaign under way: memory, and mails at the server by the second."""

    peak_megabytes: float = 0.0
    mails: list[tuple[float, int]] = field(default_factory=list)


@dataclass(slots=True)
class Stamps:
    """The loads of some turns."""

    full: list[Load] = field(default_factory=list)
    till: list[Load] = field(default_factory=list)


async def measure() -> Figures:
    """Return seconds, megabytes and recipients per second, and how much slower stamps were."""
    async with _stage() as stage:
        before = await _stamped(stage)
        await _relayed(stage)
        at_rest = await megabytes(stage.worker)
        campaign_id = await _begin(stage)
        async with asyncio.timeout(SECONDS_MAX):
            watching = asyncio.create_task(_watch(stage, campaign_id))
            during = await _stamped(stage)
            undisturbed_from = time.monotonic()
            watched = await watching
        return {
            "recipients": RECIPIENTS,
            **await _times(stage, campaign_id),
            "undisturbed_recipients_per_second": _rate_since(watched, undisturbed_from),
            "worker_megabytes_before": at_rest,
            "worker_megabytes_peak": watched.peak_megabytes,
            "worker_megabytes_grown": round(watched.peak_megabytes - at_rest, 1),
            **_compared("full", before.full, during.full),
            **_compared("till", before.till, during.till),
        }


@asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    async with (
        installed() as here,
        here.opened() as resources,
        mail_sink(here.folder, here.ports.mail),
    ):
        shop = await open_shop(resources, here, cards=RECIPIENTS)
        await make_reachable(here, shop)
        async with (
            here.process("serve", port=here.ports.web),
            here.process("work") as worker,
        ):
            sql = await asyncpg.connect(here.superuser_url)
            try:
                yield Stage(here, shop, worker, await stamp_script(here, shop), sql)
            finally:
                await sql.close()


async def _stamped(stage: Stage) -> Stamps:
    """Ask for stamps in turns at both paces."""
    stamps = Stamps()
    for _ in range(TURNS):
        stamps.till.append(await _ask(stage, stage.script + _PACED))
        stamps.full.append(await _ask(stage, stage.script))
    return stamps


async def _ask(stage: Stage, script: str) -> Load:
    url = stage.here.web_url
    return await wrk(url, connections=CONNECTIONS, seconds=TURN_SECONDS, script=script)


async def _relayed(stage: Stage) -> None:
    """Wait until nothing is left to do for the stamps."""
    left = "SELECT count(*) FROM outbox WHERE relayed_at IS NULL"
    while await stage.sql.fetchval(left):  # noqa: ASYNC110 -- another process does it
        await asyncio.sleep(LOOK_SECONDS)


async def _begin(stage: Stage) -> UUID:
    shop = stage.shop
    author = Author(principal=shop.principal, origin=ORIGIN, new_id=new_id)
    plan = Plan(name="Double stamps", channels=(Channel.MAIL,), contents={"en": WORDS})
    async with shop.resources.units(shop.principal.merchant_id) as unit:
        campaign = await write_draft(unit, plan, author)
        await schedule(unit, campaign.id, None, author)
    return campaign.id


async def _watch(stage: Stage, campaign_id: UUID) -> Watched:
    """Look now and then until the campaign is over."""
    watched = Watched()
    status = CampaignStatus.SCHEDULED
    while not status.is_over:
        await asyncio.sleep(LOOK_SECONDS)
        watched.mails.append((time.monotonic(), await mails_taken(stage.here.ports.mail)))
        watched.peak_megabytes = max(watched.peak_megabytes, await megabytes(stage.worker))
        status = CampaignStatus(
            await stage.sql.fetchval("SELECT status FROM campaigns WHERE id = $1", campaign_id)
        )
    assert status is CampaignStatus.SENT, status
    assert watched.mails[-1][1] == RECIPIENTS, watched.mails[-1]
    return watched


async def _times(stage: Stage, campaign_id: UUID) -> Figures:
    """Return seconds from the command until everything was written down, first and last sent."""
    row = await stage.sql.fetchrow(
        "SELECT c.scheduled_at, c.prepared_at, min(m.sent_at) AS first, max(m.sent_at) AS last,"
        " count(*) FILTER (WHERE m.state = 'sent') AS sent"
        " FROM campaigns c JOIN messages m ON m.campaign_id = c.id WHERE c.id = $1"
        " GROUP BY c.scheduled_at, c.prepared_at",
        campaign_id,
    )
    assert row["sent"] == RECIPIENTS, row
    since = row["scheduled_at"]
    snapshot, first, last = (
        round((row[name] - since).total_seconds(), 1) for name in ("prepared_at", "first", "last")
    )
    return {
        "snapshot_seconds": snapshot,
        "first_message_seconds": first,
        "last_message_seconds": last,
        "recipients_per_second": round(RECIPIENTS / last),
    }


def _rate_since(watched: Watched, moment: float) -> float | str:
    """Return mails per second in the part of the campaign when nobody stamped."""
    quiet = [(at, mails) for at, mails in watched.mails if at >= moment and mails < RECIPIENTS]
    if len(quiet) < 2:
        return "skipped: the campaign was over before the stamps were"
    (began, first), (ended, last) = quiet[0], quiet[-1]
    return round((last - first) / (ended - began))


def _compared(pace: str, before: list[Load], during: list[Load]) -> Figures:
    p95_before, p95_during = (
        round(statistics.median(load.p95 for load in loads), 2) for loads in (before, during)
    )
    stamps = [
        round(statistics.median(load.per_second for load in each)) for each in (before, during)
    ]
    return {
        f"{pace}_stamps_per_second_before": stamps[0],
        f"{pace}_stamps_per_second_during": stamps[1],
        f"{pace}_stamp_ms_p95_before": p95_before,
        f"{pace}_stamp_ms_p95_during": p95_during,
        f"{pace}_stamp_p95_ratio": round(p95_during / p95_before, 2),
    }
