"""What is told of keys, settings and consents: that it happened, and nothing of what is inside."""

import json
from datetime import timedelta

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacting import ContactPolicy
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.people import Permission
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.resources import new_id
from gateway.services.ledger.limiting import limit_alone
from gateway.services.merchants.designing import Author
from gateway.services.merchants.google_issuers import Setter, set_google_issuer
from gateway.services.merchants.sms_senders import set_sms_sender
from gateway.services.messages.minding import write_manners
from gateway.services.messages.preferring import Choice, Chooser, choose, use_address
from gateway.services.messages.stopping import hear
from gateway.services.messages.wordings import Place, reset_wording, write_wording
from gateway.services.people.api_keys import KeyMaker, issue_api_key, revoke_api_key
from gateway.storage.messages.manners import MessageSettings
from tests.shops import ORIGIN, Shop

SECRET, NUMBER, WORDS = "s3cret-of-the-key", "+352621123456", "Words of the merchant"
MAKER = KeyMaker(actor="owner", origin=ORIGIN, new_id=new_id, new_secret=lambda: SECRET)
SETTER = Setter(actor="operator", origin=ORIGIN, new_id=new_id)
PLACE = Place(MessageEvent.STAMP, Medium.WALLET, Language.FR)


async def test_a_key_is_told_without_its_secret_and_name(bare_shop: Shop) -> None:
    """By whom, with which rights and until when; revoking what is revoked is nothing."""
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    scopes = frozenset({Permission.CARDS_READ, Permission.PROGRAMS_READ})
    async with units(merchant_id) as unit:
        until = unit.now + timedelta(days=1)
        key = await issue_api_key(unit, "Anna's till", scopes, MAKER, expires_at=until)
    for _ in range(2):
        async with units(merchant_id) as unit:
            await revoke_api_key(unit, key.id, MAKER)

    about = {"api_key_id": str(key.id), "by": "owner"}
    issued = {"scopes": ["cards:read", "programs:read"], "expires_at": until.isoformat()}
    assert await _told(bare_shop) == [
        ("loyalty.api_key.issued", about | issued),
        ("loyalty.api_key.revoked", about),
    ]
    assert SECRET not in await _text(bare_shop)
    assert "Anna" not in await _text(bare_shop)


async def test_each_kind_of_settings_says_that_it_is_another(bare_shop: Shop) -> None:
    """And by whom, but not what it is now; the same again is no change."""
    author = Author(principal=bare_shop.principal, origin=ORIGIN, new_id=new_id)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        settings = MessageSettings(policy=ContactPolicy())
        await write_manners(unit, settings, author)
        await write_wording(unit, PLACE, Wording(WORDS), author, revision=0)
        await reset_wording(unit, PLACE, author, revision=1)
        await reset_wording(unit, PLACE, author, revision=0)
        before = await unit.adjustments.alone_max()
        await limit_alone(unit, before + 1, author, before=before)
        for _ in range(2):
            await set_google_issuer(unit, "3388000000022290000", SETTER)
            await set_sms_sender(unit, NUMBER, SETTER)

    told = await _told(bare_shop)
    assert {fact for fact, _ in told} == {"loyalty.settings.changed"}
    assert sorted((str(data["settings"]), str(data["by"])) for _, data in told) == [
        ("adjustments", "till:test"),
        ("google_wallet", "operator"),
        ("messages", "till:test"),
        ("sms_sender", "operator"),
        ("wording", "till:test"),
        ("wording", "till:test"),
    ]
    for hidden in (NUMBER, WORDS, "3388000000022290000"):
        assert hidden not in await _text(bare_shop)


async def test_each_line_of_the_log_of_consents_is_told_once(bare_shop: Shop) -> None:
    """Yes and no, by a page or by a text message, without the words and where it came from."""
    ((customer_id,),) = await bare_shop.rows("SELECT id FROM customers")
    chooser = Chooser(
        source="api: Anna rang", remote_address="192.0.2.9", new_id=new_id, is_proven=True
    )
    sender = Contact(kind=ContactKind.PHONE, address=NUMBER)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await use_address(unit, customer_id, sender)
        for granted in (True, True, False):
            choice = Choice(
                medium=Medium.MAIL, purpose=Purpose.MARKETING, granted=granted, wording=WORDS
            )
            await choose(unit, customer_id, [choice], chooser)
    for text in ("STOP", "START"):
        await hear(bare_shop.database.units, bare_shop.merchant_id, sender, text, new_id)

    told = [each for each in await _told(bare_shop) if "consent" in each[0]]
    assert sorted(
        (fact.rpartition(".")[2], data["medium"], data["purpose"], data["source"])
        for fact, data in told
    ) == [
        ("given", "mail", "marketing", "api"),
        ("given", "sms", "service", "sms"),
        ("withdrawn", "mail", "marketing", "api"),
        ("withdrawn", "sms", "marketing", "sms"),
        ("withdrawn", "sms", "service", "sms"),
    ]
    assert {data["customer_id"] for _, data in told} == {str(customer_id)}
    for hidden in (NUMBER, WORDS, "192.0.2.9", "Anna"):
        assert hidden not in await _text(bare_shop)


async def _told(shop: Shop) -> list[tuple[str, dict[str, object]]]:
    rows = await shop.rows("SELECT type, data FROM outbox ORDER BY announced_at, id")
    return [(str(row[0]), row[1]) for row in rows]


async def _text(shop: Shop) -> str:
    return json.dumps(await _told(shop))
