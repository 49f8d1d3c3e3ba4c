"""The doctor asks Google itself, and says what is wrong there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.doctor.findings import Finding, Level
from gateway.services.wallets.google_cards import callback_url
from gateway.storage.server.examining import examine_database
from sandbox.google.commands import Say
from sandbox.google.records import CLASS, OBJECT
from sandbox.google.refusals import permission_denied
from tests.database import Database
from tests.googles import ISSUER, make_class, make_object
from tests.shopfront import served
from tests.web.google_shop import GoogleShop, card_id_of, open_google_shop
from workers.channels.google.examining import ask_google


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[GoogleShop]:
    """A shop with a class and a card at Google."""
    async with open_google_shop(database, tmp_path) as shop:
        async with served(shop.resources) as browser:
            card_id = card_id_of(await browser.join("anna@mail.example"))
        ids = await shop.ask(card_id)
        address = callback_url(shop.resources.settings.public_url, "cafe")
        body = make_class(id=str(ids.class_id), callbackOptions={"url": address})
        shop.google.wallet.insert(CLASS, body)
        content = make_object(id=str(ids.object_id), classId=str(ids.class_id))
        shop.google.wallet.insert(OBJECT, content)
        await shop.write(card_id)
        async with shop.resources.units(shop.shop.merchant.id) as unit:
            await unit.google.class_written(shop.shop.program.id, b"digest", datetime.now(UTC))
        yield shop


async def asked(shop: GoogleShop) -> list[Finding]:
    """Ask about everything the database knows to be at Google."""
    settings = shop.resources.settings
    facts = await examine_database(settings.database_url)
    return await ask_google(settings, facts.google_programs)


async def test_what_is_well_is_said(shop: GoogleShop) -> None:
    """The token, the class with our callback, and a link that Google would take."""
    findings = await asked(shop)

    assert {(each.level, each.subject) for each in findings} == {(Level.WELL, ISSUER)}
    assert [each.sentence for each in findings] == [
        "Google gives its account a token",
        "cafe's class is approved and calls us back",
        "Google takes save links of cafe",
    ]


async def test_a_class_that_does_not_call_us_is_trouble(shop: GoogleShop) -> None:
    """Saves and deletions would never be told."""
    (record,) = shop.google.wallet.records.of(CLASS)
    record.content = {key: record.content[key] for key in record.content if key[:8] != "callback"}

    assert Finding(Level.ILL, ISSUER, "cafe's class does not call us back") in await asked(shop)


async def test_a_card_that_cannot_be_saved_is_trouble(shop: GoogleShop) -> None:
    """Customers would read "Something went wrong", and nothing else."""
    (record,) = shop.google.wallet.records.of(OBJECT)
    record.content = record.content | {"state": "EXPIRED"}

    last = (await asked(shop))[-1]
    assert last.level is Level.ILL
    assert last.sentence.startswith("Google takes no save link of cafe")


async def test_an_account_that_is_no_user_of_the_issuer_is_trouble(shop: GoogleShop) -> None:
    """The reason is Google's word, never its text."""
    shop.google.next(Say(permission_denied()))

    last = (await asked(shop))[-1]
    assert last == Finding(Level.ILL, ISSUER, "cafe's class cannot be read: permissionDenied")
