"""Joining in the merchant's language: what is read is what is kept."""

import asyncpg
import pytest

from tests.database import Database
from tests.shopfront import Shopfront, served


@pytest.mark.parametrize(
    ("language", "offers"),
    [
        ("fr", "Café Sonne peut m’envoyer des offres. Je peux y mettre fin à tout moment."),
        ("de", "Café Sonne darf mir Angebote schicken. Ich kann das jederzeit beenden."),
        ("lb", "Café Sonne däerf mir Offere schécken. Ech kann dat ëmmer ophalen."),
        ("it", "Café Sonne may send me offers. I can stop this at any time."),
    ],
)
async def test_a_box_is_kept_in_the_words_it_was_ticked_in(
    shop: Shopfront, database: Database, language: str, offers: str
) -> None:
    """Those of the merchant's language; English where we do not have it."""
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute("UPDATE merchants SET language = $1", language)
    async with served(shop.resources) as browser:
        page = await browser.read("/join/cafe")
        fields = {"contact": "anna@mail.example", "marketing": "yes"}
        await browser.send("/join/cafe", fields)
    kept = await connection.fetch("SELECT wording FROM consents")
    await connection.close()

    assert offers in page
    assert [row["wording"] for row in kept] == [offers]
    assert f'<html lang="{language if language != "it" else "en"}">' in page
