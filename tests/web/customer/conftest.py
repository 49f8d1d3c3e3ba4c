"""A shop, a customer's browser that holds a card, and what was written down about them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.database import Database
from tests.shopfront import Browser, Shopfront, served

ANNA = "anna@mail.example"


@dataclass(frozen=True, slots=True)
class Customer:
    """Anna, who joined with her mail address and no box ticked."""

    shop: Shopfront
    browser: Browser
    card: str
    id: UUID
    _database: Database

    @property
    def page(self) -> str:
        """The address of her choices."""
        return f"{self.card}/preferences"

    async def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database past every door."""
        connection = await asyncpg.connect(self._database.superuser_dsn)
        try:
            return [tuple(row) for row in await connection.fetch(question, *values)]
        finally:
            await connection.close()

    async def log(self) -> list[tuple[Any, ...]]:
        """Return the consent log: way, purpose, yes or no, words, source, address."""
        return await self.rows(
            "SELECT channel, purpose, granted, wording, source, remote_address FROM consents"
            " ORDER BY given_at, id"
        )

    async def addresses(self) -> int:
        """Count all addresses of all customers."""
        return int((await self.rows("SELECT count(*) FROM contacts"))[0][0])


@pytest.fixture
async def anna(shop: Shopfront, database: Database) -> AsyncIterator[Customer]:
    async with served(shop.resources) as browser:
        card = await browser.join(ANNA)
        async with shop.resources.units(shop.merchant.id) as unit:
            customer_id = (await unit.cards.one(UUID(card.rpartition("/")[2]))).customer_id
        yield Customer(shop, browser, card, customer_id, database)
