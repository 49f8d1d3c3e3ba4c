"""A stage with a Google stand-in: cards that people want in Google Wallet, and what reached it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.services.wallets.google_cards import ask_for_card
from gateway.storage.wallets.google import GoogleObject
from sandbox.google.records import OBJECT
from sandbox.google.stand_in import GoogleStandIn
from tests.workers.stages import Stage, eventually


@dataclass(frozen=True, slots=True)
class GoogleStage:
    """The stage, the stand-in and the folder of its service accounts."""

    stage: Stage
    stand_in: GoogleStandIn
    accounts: Path

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """Run a worker that writes to the stand-in."""
        folder, url = str(self.accounts), self.stand_in.url
        async with self.stage.worker(GOOGLE_FOLDER=folder, GOOGLE_URL=url):
            yield

    async def wanted_card(self) -> UUID:
        """Open a card that its owner wants in Google Wallet."""
        card_id = await self.stage.shop.card()
        await self.want(card_id)
        return card_id

    async def want(self, card_id: UUID) -> None:
        """Ask for a card as its owner does."""
        shop = self.stage.shop
        office = replace(shop.resources.google, save_url="https://save.example/")
        await ask_for_card(office, shop.merchant.id, card_id)

    async def save(self, card_id: UUID) -> None:
        """Say, as Google's callback does, that somebody saved the card."""
        shop = self.stage.shop
        object_id = (await self.known(card_id)).object_id
        async with shop.resources.units(shop.merchant.id) as unit:
            await unit.google.mark_saved(object_id, unit.now)

    async def known(self, card_id: UUID) -> GoogleObject:
        """Read what we believe Google has of a card."""
        shop = self.stage.shop
        async with shop.resources.units(shop.merchant.id) as unit:
            return (await unit.google.objects([card_id]))[card_id]

    async def object_of(self, card_id: UUID) -> dict[str, Any] | None:
        """Read what Google has of a card."""
        found = self.stand_in.wallet.records.find(OBJECT, (await self.known(card_id)).object_id)
        return dict(found.content) if found else None

    async def balance_of(self, card_id: UUID) -> str | None:
        """Read the stamps that Google shows."""
        found = await self.object_of(card_id)
        return found["loyaltyPoints"]["balance"]["string"] if found else None

    async def until_shows(self, card_id: UUID, balance: str) -> None:
        """Wait until Google shows so many stamps."""

        async def shows() -> bool:
            return await self.balance_of(card_id) == balance

        await eventually(shows)

    def calls(self, verb: str, resource: str = "loyaltyObject") -> list[str]:
        """Return the paths of answered calls of a kind."""
        return [
            each.path
            for each in self.stand_in.recorded
            if each.verb == verb and resource in each.path
        ]
