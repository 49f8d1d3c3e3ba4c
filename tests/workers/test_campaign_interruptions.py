"""Campaigns that are held or ended while nobody knows whether an attempt got through."""

from collections import Counter
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.domain.campaigns import Audience, CampaignStatus, Plan
from gateway.domain.consents import Medium
from gateway.domain.messages import Channel
from gateway.resources import now
from gateway.services.campaigns.commanding import cancel, pause, resume
from sandbox.google.records import CLASS, OBJECT
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.stand_in import MailStandIn
from tests.campaigns import (
    add_holders,
    author_of,
    campaign_of,
    make_plan,
    pumping,
    scheduled,
    states,
    workers_database,
)
from tests.googles import CLASS_ID, ISSUER, OBJECT_ID
from tests.shops import Shop
from tests.workers.couriers.conftest import google
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.couriers.test_google_campaigns import campaigning, saved_cards, until_sent
from tests.workers.stages import Stage, eventually
from tests.workers.test_campaign_crashes import shop

__all__ = ["google", "shop"]

TO_ALL = make_plan(Channel.GOOGLE)
TO_SOME = make_plan(Channel.GOOGLE, audience=Audience(language="en"))
HOW = {"class": TO_ALL, "object": TO_SOME}


async def released(stage: Stage, shop: Shop, plan: Plan) -> UUID:
    """Release a whole campaign, of which nobody has delivered anything yet."""
    campaign_id = await scheduled(shop, plan, at=now())
    async with workers_database(stage.database) as ready, pumping(ready) as pump:
        pump.now = now()
        await pump.rest()
    return campaign_id


async def interrupt(stage: Stage, campaign_id: UUID) -> None:
    """Cut a campaign's attempts off, as a worker does that has to stop while it sends."""
    await stage.sql.execute(
        "UPDATE deliveries SET attempts = 1, reason = 'Interrupted' WHERE event_id = $1",
        campaign_id,
    )


async def reach(google: GoogleStage, campaign_id: UUID, card: UUID) -> None:
    """Let what an attempt said be at Google, on the card and on its class."""
    said = {"id": f"c{campaign_id.hex}", "header": "Café Sonne", "body": "Cake today!"}
    found = await google.object_of(card)
    assert found is not None
    google.stand_in.wallet.add_message(OBJECT, found["id"], said)
    google.stand_in.wallet.add_message(CLASS, found["classId"], said)


async def hasten(stage: Stage) -> None:
    """Let everything that waits be due."""
    await stage.sql.execute("UPDATE deliveries SET next_at = now() WHERE state = 'waiting'")


async def is_looked_at(stage: Stage, campaign_id: UUID) -> bool:
    """Whether a worker has found the campaign's attempt that was cut off."""
    untouched: int = await stage.sql.fetchval(
        "SELECT count(*) FROM deliveries WHERE event_id = $1"
        " AND state = 'waiting' AND (next_at <= now() OR lease IS NOT NULL)",
        campaign_id,
    )
    return not untouched


async def said(google: GoogleStage, card: UUID) -> Counter[str]:
    """Count what stands on a card and on its class, by the resource's kind."""
    found = await google.object_of(card)
    assert found is not None
    class_ = google.stand_in.wallet.get(CLASS, found["classId"]).content
    return Counter(object=len(found.get("messages", [])), **{"class": len(class_["messages"])})


@pytest.mark.parametrize("how", HOW)
async def test_what_may_be_at_google_is_looked_for_after_a_pause(
    google: GoogleStage, how: str
) -> None:
    """Cut off, paused and resumed: the words that arrived stand there once."""
    async with campaigning(google) as shop:
        async with google.worker():
            (card,) = await saved_cards(google, 1)
        campaign_id = await released(google.stage, shop, HOW[how])
        await reach(google, campaign_id, card)
        await interrupt(google.stage, campaign_id)
        async with shop.database.units(shop.merchant_id) as unit:
            await pause(unit, campaign_id, author_of(shop))
        async with google.worker():
            await eventually(partial(is_looked_at, google.stage, campaign_id))
            async with shop.database.units(shop.merchant_id) as unit:
                await resume(unit, campaign_id, author_of(shop))
            await hasten(google.stage)
            await until_sent(shop, campaign_id)

    assert await said(google, card) == {"object": 1, "class": 1}


@pytest.mark.parametrize("how", HOW)
async def test_what_may_be_at_google_is_not_called_cancelled(
    google: GoogleStage, how: str
) -> None:
    """Cut off and cancelled: nobody knows, and the campaign says so."""
    async with campaigning(google) as shop:
        async with google.worker():
            await saved_cards(google, 1)
        campaign_id = await released(google.stage, shop, HOW[how])
        await interrupt(google.stage, campaign_id)
        async with shop.database.units(shop.merchant_id) as unit:
            await cancel(unit, campaign_id, author_of(shop))
        async with google.worker():
            await hasten(google.stage)
            await eventually(partial(is_over, shop, campaign_id))
        assert await states(shop, campaign_id) == {("failed", "outcome_unknown"): 1}


async def is_over(shop: Shop, campaign_id: UUID) -> bool:
    """Whether a campaign has ended and nothing of it is on its way."""
    counted = await states(shop, campaign_id)
    ended_at = (await campaign_of(shop, campaign_id)).ended_at
    return ended_at is not None and not {"queued", "sending"} & {state for state, _ in counted}


@pytest.mark.parametrize("command", [pause, cancel])
async def test_a_mail_that_may_be_out_is_neither_sent_again_nor_called_cancelled(
    stage: Stage, shop: Shop, tmp_path: Path, command: object
) -> None:
    """A mail that was cut off is not taken back by who holds or ends the campaign."""
    await add_holders(shop, 1, Medium.MAIL)
    campaign_id = await released(stage, shop, make_plan())
    await interrupt(stage, campaign_id)
    async with shop.database.units(shop.merchant_id) as unit:
        await command(unit, campaign_id, author_of(shop))  # type: ignore[operator]
    async with MailStandIn(Mailbox(tmp_path / "mailbox")) as mail:
        url = f"smtp://127.0.0.1:{mail.port}"
        async with stage.worker(MAIL_URL=url, MAIL_FROM="cards@example.org"):
            await eventually(partial(is_looked_at, stage, campaign_id))
            if (await campaign_of(shop, campaign_id)).status is CampaignStatus.PAUSED:
                async with shop.database.units(shop.merchant_id) as unit:
                    await resume(unit, campaign_id, author_of(shop))
            await eventually(partial(is_over, shop, campaign_id))
        assert list(mail.mailbox) == []
    assert await states(shop, campaign_id) == {("failed", "outcome_unknown"): 1}


async def test_a_mail_on_its_way_is_not_called_cancelled_with_what_google_was_not_told(
    stage: Stage, shop: Shop
) -> None:
    """Ended before Google was told of everybody at once: only that is called cancelled."""
    (card,) = await add_holders(shop, 1, Medium.MAIL)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.google.add_issuer(ISSUER)
        await unit.google.add_class(shop.program.id, ISSUER, CLASS_ID)
        await unit.google.add_object(card, ISSUER, OBJECT_ID, unit.now)
        await unit.google.mark_saved(OBJECT_ID, unit.now)
    campaign_id = await scheduled(shop, make_plan(Channel.MAIL, Channel.GOOGLE), at=now())
    async with workers_database(stage.database) as ready, pumping(ready) as pump:
        pump.now = now()
        while await states(shop, campaign_id) != {("sending", None): 2}:
            await pump.turn()
        await stage.sql.execute(
            "UPDATE deliveries SET lease = gen_random_uuid(), leased_until = now() + '1 hour'"
        )
        async with shop.database.units(shop.merchant_id) as unit:
            await cancel(unit, campaign_id, author_of(shop))
        await pump.rest()

    assert await states(shop, campaign_id) == {("sending", None): 1, ("skipped", "cancelled"): 1}
