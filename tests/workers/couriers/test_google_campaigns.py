"""Campaigns in Google Wallet: one message to a class or one to each card, and never two."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.campaigns import Audience, CampaignStatus
from gateway.domain.messages import Channel
from gateway.resources import now
from sandbox.google.commands import ApplyAndDrop, ApplyAndMumble, Drop, Say
from sandbox.google.refusals import quota_exceeded
from tests.campaigns import (
    campaign_of,
    make_plan,
    never_quiet,
    scheduled,
    states,
    workers_database,
)
from tests.shops import Shop, open_shop
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.stages import eventually

TO_ALL = make_plan(Channel.GOOGLE)
TO_SOME = make_plan(Channel.GOOGLE, audience=Audience(language="en"))


@asynccontextmanager
async def campaigning(google: GoogleStage) -> AsyncIterator[Shop]:
    """Give the stage's café as a shop that writes campaigns."""
    async with workers_database(google.stage.database) as ready:
        bare = await open_shop(ready, cards=0)
        cafe = google.stage.shop
        principal = replace(bare.principal, merchant_id=cafe.merchant.id)
        shop = replace(bare, principal=principal, program=cafe.program)
        await never_quiet(shop)
        yield shop


async def saved_cards(google: GoogleStage, count: int) -> list[UUID]:
    """Let so many people have their card in Google Wallet; a worker must run."""
    cards = [await google.wanted_card() for _ in range(count)]
    for card in cards:
        await google.until_shows(card, "0/10")
        await google.save(card)
    return cards


async def until_sent(shop: Shop, campaign_id: UUID) -> None:
    """Wait until a campaign is over."""

    async def is_sent() -> bool:
        return (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENT

    await eventually(is_sent, 40.0)


async def test_everybody_is_told_by_one_call(google: GoogleStage) -> None:
    """All holders, nobody left out: one message to the class, none to any object."""
    async with google.worker(), campaigning(google) as shop:
        await saved_cards(google, 3)
        campaign_id = await scheduled(shop, TO_ALL, at=now())
        await until_sent(shop, campaign_id)

        assert await states(shop, campaign_id) == Counter({("sent", None): 3})
    assert len(google.calls("POST", "loyaltyClass/")) == 1
    assert not [path for path in google.calls("POST") if "addMessage" in path]


async def test_some_are_told_one_by_one(google: GoogleStage) -> None:
    """A filter means that others hold cards too: each card gets its own message."""
    async with google.worker(), campaigning(google) as shop:
        cards = await saved_cards(google, 3)
        campaign_id = await scheduled(shop, TO_SOME, at=now())
        await until_sent(shop, campaign_id)

        assert await states(shop, campaign_id) == Counter({("sent", None): 3})
        for card in cards:
            assert await messages_of(google, card) == ["Cake today!"]


@pytest.mark.parametrize("trouble", [ApplyAndDrop(), ApplyAndMumble(), Drop()])
async def test_a_lost_answer_doubles_nothing(
    google: GoogleStage, trouble: ApplyAndDrop | ApplyAndMumble | Drop
) -> None:
    """Google adds what it is sent, so what may be there is looked for before it is sent again."""
    async with google.worker(), campaigning(google) as shop:
        (card,) = await saved_cards(google, 1)
        google.stand_in.next(trouble)
        campaign_id = await scheduled(shop, TO_SOME, at=now())
        await until_sent(shop, campaign_id)

        assert await messages_of(google, card) == ["Cake today!"]
        assert await states(shop, campaign_id) == Counter({("sent", None): 1})


async def test_a_spent_quota_is_told_in_silence(google: GoogleStage) -> None:
    """403 quotaExceeded: the words stand on the card without lighting up the phone."""
    async with google.worker(), campaigning(google) as shop:
        (card,) = await saved_cards(google, 1)
        google.stand_in.next(Say(quota_exceeded("x", "x")))
        campaign_id = await scheduled(shop, TO_SOME, at=now())
        await until_sent(shop, campaign_id)

        found = await google.object_of(card)
        assert found is not None
        assert [each["messageType"] for each in found["messages"]] == ["TEXT"]
        assert await states(shop, campaign_id) == Counter({("sent", None): 1})


async def messages_of(google: GoogleStage, card: UUID) -> list[str]:
    """Return what Google's card says beside the card itself."""
    found = await google.object_of(card)
    assert found is not None
    return [
        each["localizedBody"]["defaultValue"]["value"] if "localizedBody" in each else each["body"]
        for each in found.get("messages", [])
    ]
