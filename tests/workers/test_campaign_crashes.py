"""A campaign to a thousand holders by real workers that are killed, held, let go on and ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.domain.campaigns import Audience
from gateway.domain.consents import Medium
from gateway.domain.messages import Channel
from gateway.domain.people import Permission, Principal
from gateway.resources import now
from gateway.services.campaigns.commanding import cancel, pause, resume
from gateway.services.campaigns.following import follow
from gateway.services.wallets.issuing import ensure_pass
from sandbox import processes
from sandbox.google.records import CLASS, OBJECT
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.stand_in import MailStandIn
from tests.campaigns import (
    add_holders,
    author_of,
    campaign_of,
    make_plan,
    never_quiet,
    opt_out,
    pumping,
    scheduled,
    states,
    sum_of,
    workers_database,
)
from tests.googles import ISSUER, make_class, make_object
from tests.shops import Shop
from tests.workers.couriers.conftest import google
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.stages import Stage, eventually

__all__ = ["google"]

HOLDERS = 1_000
CHANNELS = (Channel.MAIL, Channel.APPLE, Channel.GOOGLE)
# A filter, so that Google is told card by card.
PLAN = make_plan(*CHANNELS, audience=Audience(language="en"))
WORKERS = 2
SETTLE_SECONDS_MAX = 60.0


States = Counter[tuple[str, str | None]]


@dataclass(slots=True)
class Team:
    """Real worker processes, to be killed and replaced."""

    folder: Path
    variables: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start one more worker."""
        with (self.folder / "worker.log").open("ab") as output:
            program = processes.Program(
                arguments=[sys.executable, "-m", "tests.workers.hasty_mailer"],
                environment=os.environ | self.variables,
                output=output,
            )
            self.workers.append(processes.start(program))

    def kill(self) -> None:
        """End the oldest worker without a word and start another."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()
        self.start()

    def stop(self) -> None:
        """Stop all in good order."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            processes.stop(worker)


@asynccontextmanager
async def working(google: GoogleStage, mail: MailStandIn, folder: Path) -> AsyncIterator[Team]:
    """Run the workers."""
    variables = google.stage.variables(
        MAIL_URL=f"smtp://127.0.0.1:{mail.port}",
        MAIL_FROM="cards@example.org",
        GOOGLE_FOLDER=str(google.accounts),
        GOOGLE_URL=google.stand_in.url,
    )
    team = Team(folder, variables)
    try:
        for _ in range(WORKERS):
            team.start()
        yield team
    finally:
        await asyncio.to_thread(team.stop)


@pytest.fixture
async def shop(stage: Stage) -> Shop:
    """The stage's café, with the keys that the workers have."""
    cafe = stage.shop
    principal = Principal(
        merchant_id=cafe.merchant.id, name="staff:test", permissions=frozenset(Permission)
    )
    made = Shop(cafe.resources.database, principal, cafe.location, cafe.program, (), ())
    await never_quiet(made)
    return made


async def fill_wallets(shop: Shop, google: GoogleStage, cards: list[UUID]) -> None:
    """Put every card on an iPhone and, by class and object as they shall be, at Google."""
    stage, class_id = google.stage, f"{ISSUER}.c"
    google.stand_in.bucket.per_second = 1_000
    google.stand_in.wallet.insert(CLASS, make_class(id=class_id))
    async with stage.shop.resources.units(shop.merchant_id) as unit:
        await unit.google.add_class(shop.program.id, ISSUER, class_id)
        for card_id in cards:
            await stage.keep(unit, await ensure_pass(stage.shop.resources.passes, unit, card_id))
            object_id = f"{ISSUER}.{card_id.hex}"
            google.stand_in.wallet.insert(OBJECT, make_object(id=object_id, classId=class_id))
            await unit.google.add_object(card_id, ISSUER, object_id, unit.now)
            await unit.google.mark_saved(object_id, unit.now)


async def by_channel(shop: Shop, campaign_id: UUID) -> dict[Channel, States]:
    """Count a campaign's messages by state and reason, for each channel."""
    async with shop.database.units(shop.merchant_id) as unit:
        progress = await follow(unit, campaign_id)
    counted: dict[Channel, States] = defaultdict(Counter)
    for count in progress.counts:
        counted[count.channel][str(count.state), count.reason] += count.messages
    return counted


async def watch(shop: Shop, campaign_id: UUID) -> None:
    """Look again and again whether everybody is counted; raise as soon as somebody is not."""
    while True:
        counted = await by_channel(shop, campaign_id)
        totals = [counted[channel].total() for channel in CHANNELS]
        assert totals in ([0, 0, 0], [HOLDERS] * 3), totals
        await asyncio.sleep(0.1)


async def command(shop: Shop, what: object, campaign_id: UUID) -> None:
    """Pause, resume or cancel as somebody on the page does."""
    async with shop.database.units(shop.merchant_id) as unit:
        await what(unit, campaign_id, author_of(shop))  # type: ignore[operator]


async def arrived(mail: MailStandIn, count: int) -> None:
    """Wait until so many mails arrived."""

    async def is_there() -> bool:
        return len(list(mail.mailbox)) >= count

    await eventually(is_there, SETTLE_SECONDS_MAX)


async def is_held(shop: Shop, campaign_id: UUID) -> bool:
    """Whether no mail is on its way; what may be at Google already waits there."""
    return not sum_of((await by_channel(shop, campaign_id))[Channel.MAIL], "sending")


async def is_over(shop: Shop, campaign_id: UUID) -> bool:
    """Whether nothing will happen any more."""
    counted = await states(shop, campaign_id)
    ended_at = (await campaign_of(shop, campaign_id)).ended_at
    return ended_at is not None and not sum_of(counted, "queued", "sending")


async def live_through(shop: Shop, mail: MailStandIn, team: Team, campaign_id: UUID) -> None:
    """Kill workers, pause, resume and cancel, with mails on their way each time."""
    await arrived(mail, 100)
    team.kill()
    await arrived(mail, 200)
    await command(shop, pause, campaign_id)
    team.kill()
    await eventually(partial(is_held, shop, campaign_id), SETTLE_SECONDS_MAX)
    held = len(list(mail.mailbox))
    await command(shop, resume, campaign_id)
    await arrived(mail, held + 100)
    team.kill()
    await arrived(mail, held + 200)
    await command(shop, cancel, campaign_id)
    await eventually(partial(is_over, shop, campaign_id), SETTLE_SECONDS_MAX)


async def test_nobody_is_written_to_twice_and_nobody_is_lost(
    google: GoogleStage, shop: Shop, tmp_path: Path
) -> None:
    """Killed, paused, killed, resumed, killed and cancelled: the counts are those of the world.

    A mail of which nobody knows whether it left is not sent again, and says so; Google is asked
    what it has. To look once more costs a phone nothing.
    """
    await fill_wallets(shop, google, await add_holders(shop, HOLDERS, Medium.MAIL))
    async with MailStandIn(Mailbox(tmp_path / "mailbox")) as mail:
        campaign_id = await scheduled(shop, PLAN, at=now())
        async with working(google, mail, tmp_path) as team:
            watching = asyncio.create_task(watch(shop, campaign_id))
            await live_through(shop, mail, team, campaign_id)
            watching.cancel()
            await asyncio.wait([watching])
            assert watching.cancelled(), watching.exception()
        recipients = [letter.recipient for letter in mail.mailbox]
    counted = await by_channel(shop, campaign_id)

    assert len(recipients) == len(set(recipients)), "nobody twice"
    check_counts(counted[Channel.MAIL], len(recipients))
    told = Counter(
        len(each.content.get("messages", ())) for each in google.stand_in.wallet.records.of(OBJECT)
    )
    assert told.keys() == {0, 1}, "nobody twice at Google either"
    check_counts(counted[Channel.GOOGLE], told[1])
    pushed = {push.token for push in google.stage.apns.accepted}
    check_counts(counted[Channel.APPLE], len(pushed))


def check_counts(counted: States, arrived: int) -> None:
    """Hold what a campaign says of a channel against what arrived there."""
    unsure = counted["failed", "outcome_unknown"]
    assert 0 < counted["sent", None] <= arrived <= counted["sent", None] + unsure
    assert counted["skipped", "cancelled"] > 0
    assert counted.total() == HOLDERS
    assert {reason for _, reason in counted} <= {None, "cancelled", "outcome_unknown"}


async def test_who_says_no_on_the_way_to_the_mailbox_gets_nothing(
    stage: Stage, shop: Shop, tmp_path: Path
) -> None:
    """A message that is released already is asked about once more when it leaves."""
    card, other = await add_holders(shop, 2, Medium.MAIL)
    campaign_id = await scheduled(shop, make_plan(), at=now())
    async with workers_database(stage.database) as ready, pumping(ready) as pump:
        pump.now = now()
        await pump.rest()
    assert await states(shop, campaign_id) == {("sending", None): 2}
    await opt_out(shop, card)

    async with MailStandIn(Mailbox(tmp_path / "mailbox")) as mail:
        address = f"smtp://127.0.0.1:{mail.port}"
        async with stage.worker(MAIL_URL=address, MAIL_FROM="cards@example.org"):
            await eventually(partial(is_held, shop, campaign_id))
        recipients = [letter.recipient for letter in mail.mailbox]

    assert recipients == [f"{other.hex}@example.org"]
    assert await states(shop, campaign_id) == {("sent", None): 1, ("skipped", "no_consent"): 1}
