"""The demo: a café that looks as if it had been open for weeks, and is filled in only once."""

import base64
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from gateway.domain.ledger import faults
from gateway.domain.people import Origin
from gateway.domain.rules.keys import POINT, STAMP
from gateway.resources import Resources, new_id, new_secret, open_resources
from gateway.services.cards.enrolling import CODE_PREFIX
from gateway.services.people.pairing import Pairing, pair_till
from gateway.services.people.signing_in import Desk, sign_in_with_password, sign_in_with_pin
from gateway.settings import read_settings
from sandbox import demo
from sandbox.google.accounts import DEVELOPMENT_ISSUER
from tests.database import Database


@pytest.fixture
async def resources(database: Database) -> AsyncIterator[Resources]:
    """Everything a web process opens."""
    settings = read_settings(
        {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
            "PASSGATE_DATABASE_URL": database.app_dsn,
            "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
            "PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0",
            "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
        }
    )
    async with open_resources(settings, url=database.app_dsn) as ready:
        yield ready


async def test_a_second_start_changes_nothing(resources: Resources) -> None:
    """The same log-ins, the same rows."""
    first = await demo.seed(resources)
    before = await _counts(resources)

    assert await demo.seed(resources) == first
    assert await _counts(resources) == before


async def test_its_cards_can_go_to_google_wallet(resources: Resources) -> None:
    """Under the issuer whose service account the sandbox has."""
    await demo.seed(resources)
    async with resources.database.directory() as directory:
        merchant = await directory.merchant(demo.SLUG)
    async with resources.units(merchant.id) as unit:
        assert await unit.google.issuers() == [DEVELOPMENT_ISSUER]


async def test_the_log_ins_work(resources: Resources) -> None:
    """The till can be paired, the barista's PIN and the owner's password open."""
    shown = await demo.seed(resources)
    async with resources.database.directory() as directory:
        merchant = await directory.merchant(demo.SLUG)
    desk = Desk(
        units=resources.units, hasher=resources.hasher, new_id=new_id, new_secret=new_secret
    )
    code = demo.PAIRING_CODES["Centre"]
    pairing = Pairing(
        code=code,
        secret=new_secret(),
        record_id=new_id(),
        origin=Origin(source="test", remote_address="192.0.2.1"),
    )
    credential = await pair_till(resources.units, merchant.id, pairing)
    async with resources.units(merchant.id) as unit:
        till = await unit.tills.one(credential.id)
        (barista, *_) = await unit.staff.all()
    assert till is not None

    await sign_in_with_pin(desk, merchant.id, till, barista.id, demo.BARISTA_PIN)
    await sign_in_with_password(
        desk, merchant.id, demo.OWNER_MAIL, demo.OWNER_PASSWORD, "192.0.2.1"
    )

    for word in (code, demo.BARISTA_PIN, demo.OWNER_MAIL, demo.OWNER_PASSWORD, CODE_PREFIX):
        assert word in shown


async def test_every_card_has_an_honest_past_and_can_be_stamped_now(resources: Resources) -> None:
    """Progress of all sorts, entries that add up, and the last visit before today."""
    await demo.seed(resources)
    async with resources.database.directory() as directory:
        merchant = await directory.merchant(demo.SLUG)
    async with resources.units(merchant.id) as unit:
        cards = await unit.cards.page(100)
        entries = [entry for card in cards for entry in await unit.transactions.entries(card.id)]
        found = [faults(await unit.transactions.entries(card.id)) for card in cards]
        (location, *_) = await unit.merchants.locations()

    expected = sorted((*demo.COFFEE_VISITS, *demo.HAPPY_HOUR_VISITS))
    stamped = [card.available(STAMP) for card in cards if STAMP in card.balances]
    assert sorted(stamped) == expected
    club = {card.available(POINT): card.tier for card in cards if POINT in card.balances}
    assert club == {42: None, 112: "silver"}
    assert len(entries) == 2 * (sum(expected) + len(club))
    assert found == [[]] * len(cards)
    assert location.clock.cutoff_hour == 4
    async with resources.units(merchant.id) as unit:
        for card in cards:
            assert card.last_earned_at is not None
            assert card.opened_at < card.last_earned_at < unit.now


async def _counts(resources: Resources) -> list[int]:
    async with resources.database.directory() as directory:
        merchant = await directory.merchant(demo.SLUG)
    async with resources.database.engine.connect() as connection:
        await connection.execute(
            text("SELECT set_config('app.merchant', :m, true)"), {"m": str(merchant.id)}
        )
        tables = ("cards", "customers", "transactions", "outbox", "tills", "staff", "programs")
        return [
            (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()  # noqa: S608 - our own tables
            for name in tables
        ]
