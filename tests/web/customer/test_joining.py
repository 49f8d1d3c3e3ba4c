"""Joining in the merchant's language, or the browser's: what is read is what is kept."""

from uuid import UUID

import asyncpg
import pytest

from gateway.domain.wording import Language
from gateway.services.cards.addresses import (
    ContactInvalid,
    MailUnreadable,
    NumberNotMobile,
    NumberNotServed,
    NumberUnreadable,
    parse_contact,
)
from gateway.web.customer.typed_addresses import fault_words
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


@pytest.mark.parametrize(
    ("header", "language", "fault"),
    [
        ("fr-LU,fr;q=0.9,en;q=0.8", "fr", "Cela ne ressemble pas à une adresse e-mail."),
        ("it, de;q=0.7", "de", "Das sieht nicht nach einer Mailadresse aus."),
        ("it;q=0.9,*;q=0.1", "lb", "Dat gesäit net no enger Mailadress aus."),
        (";;,,=", "lb", "Dat gesäit net no enger Mailadress aus."),
    ],
)
async def test_who_joins_is_spoken_to_in_the_language_of_their_browser(
    shop: Shopfront, database: Database, header: str, language: str, fault: str
) -> None:
    """If we have it, and otherwise in the shop's: on pages, beside mistakes, and ever after."""
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute("UPDATE merchants SET language = 'lb'")
    async with served(shop.resources) as browser:
        browser.client.session.headers["Accept-Language"] = header
        page = await browser.read("/join/cafe")
        mistake = await browser.send("/join/cafe", {"contact": "anna@"})
        card = await browser.read(await browser.join("anna@mail.example"))
        strange = await browser.read(f"/card/cafe/{UUID(int=1)}", 404)
    kept = await connection.fetchval("SELECT language FROM customers")
    await connection.close()

    assert fault in await mistake.text()
    assert kept == language
    for shown in (page, card):
        assert f'<html lang="{language}">' in shown
    # Nobody says whose language is spoken where no card is held.
    assert f'<html lang="{language if language != "lb" else "en"}">' in strange


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("nobody", ContactInvalid),
        ("anna@", MailUnreadable),
        ("+352 12345", NumberUnreadable),
        ("+352 26 12 34 56", NumberNotMobile),
        ("+1 907 555 0123", NumberNotServed),
    ],
)
def test_every_mistake_has_words_of_its_own(typed: str, mistake: type[ContactInvalid]) -> None:
    """In English what the API says too, and in the other languages something else."""
    with pytest.raises(ContactInvalid) as raised:
        parse_contact(typed, "LU", {"LU"})

    assert type(raised.value) is mistake
    said = {fault_words(raised.value, language) for language in Language}
    assert len(said) == len(Language)
    if mistake is not ContactInvalid:
        assert raised.value.sentence in said
