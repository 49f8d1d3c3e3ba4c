"""A campaign to a thousand holders by real workers that are killed, held, let go on and ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.domain.consents import Medium
from gateway.domain.people import Permission, Principal
from gateway.domain.redemptions import Reward
from gateway.resources import new_id, now
from gateway.services.campaigns.commanding import cancel, pause, resume
from sandbox import processes
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
from tests.shops import Shop
from tests.workers.stages import Stage, eventually

HOLDERS = 1_000
WORKERS = 2
SETTLE_SECONDS_MAX = 40.0


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
async def working(stage: Stage, mail: MailStandIn, folder: Path) -> AsyncIterator[Team]:
    """Run the workers."""
    variables = stage.variables(
        MAIL_URL=f"smtp://127.0.0.1:{mail.port}", MAIL_FROM="cards@example.org"
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
    reward = Reward(id=new_id(), name="Coffee", cost=10)
    made = Shop(cafe.resources.database, principal, cafe.location, cafe.program, reward, ())
    await never_quiet(made)
    return made


async def watch(shop: Shop, campaign_id: UUID) -> None:
    """Look again and again whether everybody is counted; raise as soon as somebody is not."""
    while True:
        total = (await states(shop, campaign_id)).total()
        assert total in {0, HOLDERS}, total
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
    """Whether nothing is on its way."""
    return not sum_of(await states(shop, campaign_id), "sending")


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
    stage: Stage, shop: Shop, tmp_path: Path
) -> None:
    """Killed, paused, killed, resumed, killed and cancelled: the counts are those of the mailbox.

    A mail of which nobody knows whether it left is not sent again, and says so.
    """
    await add_holders(shop, HOLDERS, Medium.MAIL)
    async with MailStandIn(Mailbox(tmp_path / "mailbox")) as mail:
        campaign_id = await scheduled(shop, make_plan(), at=now())
        async with working(stage, mail, tmp_path) as team:
            watching = asyncio.create_task(watch(shop, campaign_id))
            await live_through(shop, mail, team, campaign_id)
            watching.cancel()
            await asyncio.wait([watching])
            assert watching.cancelled(), watching.exception()
        recipients = [letter.recipient for letter in mail.mailbox]
    counted = await states(shop, campaign_id)

    assert len(recipients) == len(set(recipients)), "nobody twice"
    unsure = counted["failed", "outcome_unknown"]
    assert counted["sent", None] <= len(recipients) <= counted["sent", None] + unsure
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
