"""What crash loops share: phones that ask what is new, facts that never were, keys for life."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from gateway.domain.events.cards import CardStamped
from gateway.resources import new_id
from gateway.storage.cards.postings import Announcement
from tests.workers.stages import Stage

ROLLED_BACK = 0.1


class RolledBackError(Exception):
    """A unit that changed its mind."""


@dataclass(slots=True)
class Phones:
    """Every phone asks what is new when it is pushed, as a device does."""

    stage: Stage
    cards: dict[str, UUID]
    versions: dict[UUID, int] = field(default_factory=dict)
    pushed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        """Answer pushes until cancelled."""
        self.stage.apns.on_push(lambda _topic, token: self.pushed.put_nowait(token))
        while True:
            card = self.cards[await self.pushed.get()]
            self.versions[card] = (await self.stage.shop.stored(card)).published_version


async def change_mind(stage: Stage, card: UUID, new_id: Callable[[], UUID] = new_id) -> None:
    """Write a fact about a card, with ids of this make, and roll it back."""
    with pytest.raises(RolledBackError):
        await _change_mind(stage, card, new_id)


async def _change_mind(stage: Stage, card: UUID, new_id: Callable[[], UUID]) -> None:
    async with stage.shop.resources.units(stage.shop.merchant.id) as unit:
        await unit.cards.change_look(stage.shop.program.id, card, 1)
        fact = CardStamped(
            card_id=card, transaction_id=new_id(), unit="stamp", stamps=1, balance=1
        )
        announcement = Announcement(id=new_id(), type=fact.type, data=fact.data())
        await unit.outbox.add([announcement], unit.now)
        raise RolledBackError


def seeds() -> list[int | None]:
    """Return the seeds to run: the whole suite's (None), and more if wanted."""
    return [None, *range(1, int(os.environ.get("CRASH_SEEDS", "1")))]


async def check_pushes(stage: Stage) -> None:
    """Each push had one key for life, and none went out without a delivery."""
    rows = await stage.sql.fetch(
        "SELECT id, target, state, reason FROM deliveries WHERE channel = 'apns'"
    )
    targets = {str(row["id"]): row["target"] for row in rows}
    assert {row["state"] for row in rows} == {"done"}
    for push in stage.apns.accepted:
        assert targets[push.apns_id][:32] == push.token[:32]
    delivered = {str(row["id"]) for row in rows if row["reason"] == "Delivered"}
    assert delivered <= {push.apns_id for push in stage.apns.accepted}
