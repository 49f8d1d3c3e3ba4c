"""A shop whose cards can go to Google Wallet, and a stand-in that signs callbacks about them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from gateway.presenters.google import CardIds
from gateway.resources import Resources
from gateway.services.wallets.google_cards import ask_for_card
from gateway.storage.wallets.google import GoogleObject, Written
from passes.google.ids import ClassId, ObjectId
from sandbox.google.stand_in import GoogleStandIn
from tests.database import Database
from tests.googles import ISSUER, make_key_file
from tests.shopfront import Shopfront, open_shop, opened

SAVE_URL = "http://127.0.0.1:8090/gp/v/save/"


@dataclass(frozen=True, slots=True)
class GoogleShop:
    """A shop with an issuer of its own."""

    shop: Shopfront
    google: GoogleStandIn

    @property
    def resources(self) -> Resources:
        """What the shop's web process holds open."""
        return self.shop.resources

    async def ask(self, card_id: UUID) -> CardIds:
        """Have a card asked for, and return its names at Google."""
        await ask_for_card(self.resources.google, self.shop.merchant.id, card_id)
        async with self.resources.units(self.shop.merchant.id) as unit:
            card = await unit.cards.one(card_id)
            found = (await unit.google.objects([card_id]))[card_id]
            classes = await unit.google.classes([card.program_id])
        class_id = ClassId.parse(classes[card.program_id].class_id)
        return CardIds(ObjectId.parse(found.object_id), class_id)

    async def write(self, card_id: UUID) -> None:
        """Say that Google has the card, as the worker does after it wrote it."""
        async with self.resources.units(self.shop.merchant.id) as unit:
            await unit.google.object_written(
                Written(card_id=card_id, version=1, balance="0/0"), unit.now
            )

    async def known(self, card_id: UUID) -> GoogleObject:
        """Read what we know of the card at Google."""
        async with self.resources.units(self.shop.merchant.id) as unit:
            return (await unit.google.objects([card_id]))[card_id]


@asynccontextmanager
async def open_google_shop(
    database: Database, folder: Path, **settings: str
) -> AsyncIterator[GoogleShop]:
    """Open a shop and a stand-in that share a service account."""
    accounts = folder / "accounts"
    async with GoogleStandIn(accounts, folder / "google") as google:
        make_key_file(accounts, google.url)
        more = {
            "GOOGLE_FOLDER": str(accounts),
            "GOOGLE_URL": google.url,
            "GOOGLE_KEYS_URL": f"{google.url}/gp/m/issuer/keys",
            "GOOGLE_SAVE_URL": SAVE_URL,
        }
        async with opened(database, **(more | settings)) as resources:
            shop = await open_shop(resources)
            async with resources.units(shop.merchant.id) as unit:
                await unit.google.add_issuer(ISSUER)
            yield GoogleShop(shop, google)


def card_id_of(address: str) -> UUID:
    """Read the card's id from the address of its page."""
    return UUID(address.rpartition("/")[2])
