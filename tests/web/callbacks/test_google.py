"""Google's callbacks over HTTP: believed when signed for us, recorded once, and told outside."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from gateway.presenters.google import CardIds
from gateway.services.wallets.google_cards import callback_url
from passes.google.signed_message import BODY_BYTES_MAX
from sandbox.google.callbacks import CallbackSigner
from sandbox.google.records import CLASS, OBJECT
from tests.database import Database
from tests.googles import ISSUER, make_class, make_object
from tests.shopfront import Browser, open_shop, served
from tests.web.google_shop import GoogleShop, card_id_of, open_google_shop

PATH = "/callbacks/google/cafe"
HOUR = 3_600


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[GoogleShop]:
    """A shop whose callbacks the stand-in signs."""
    async with open_google_shop(database, tmp_path) as opened_shop:
        yield opened_shop


@pytest.fixture
async def browser(shop: GoogleShop) -> AsyncIterator[Browser]:
    async with served(shop.resources) as opened_browser:
        yield opened_browser


@pytest.fixture
async def card(browser: Browser) -> UUID:
    """A card that was asked for."""
    return card_id_of(await browser.join("anna@mail.example"))


@pytest.fixture
async def ids(shop: GoogleShop, card: UUID) -> CardIds:
    """Its names at Google."""
    return await shop.ask(card)


@pytest.fixture
def signer(shop: GoogleShop, tmp_path: Path) -> CallbackSigner:
    """Signs with the keys that the stand-in publishes."""
    assert shop.google.url, "it has drawn them"
    return CallbackSigner(tmp_path / "google", time)


def envelope(signer: CallbackSigner, ids: CardIds, event: str = "save", to: str = ISSUER) -> str:
    """Sign an event about a card."""
    return signer.envelope(to, event, str(ids.class_id), str(ids.object_id))


async def post(browser: Browser, body: str | bytes, path: str = PATH) -> tuple[int, bytes]:
    """Send a body as Google does, and return status and answer."""
    async with browser.client.post(path, data=body) as response:
        return response.status, await response.read()


async def told(database: Database) -> list[str]:
    """Return the facts about wallets that were announced."""
    connection = await asyncpg.connect(database.superuser_dsn)
    rows = await connection.fetch(
        "SELECT type, data FROM outbox WHERE type LIKE 'loyalty.wallet.%' ORDER BY id"
    )
    await connection.close()
    assert all(json.loads(row["data"])["wallet"] == "google" for row in rows)
    return [row["type"].rpartition(".")[2] for row in rows]


async def test_save_delete_and_save_again_are_followed(
    shop: GoogleShop, card: UUID, ids: CardIds, browser: Browser, database: Database
) -> None:
    """From the stand-in's phone to our row, by the address on the class; the stamps stay."""
    address = callback_url(str(browser.client.make_url("")).rstrip("/"), "cafe")
    wallet = shop.google.wallet
    class_id, object_id = str(ids.class_id), str(ids.object_id)
    wallet.insert(CLASS, make_class(id=class_id, callbackOptions={"url": address}))
    wallet.insert(OBJECT, make_object(id=object_id, classId=class_id))
    states = []
    for act in (shop.google.shelf.save, shop.google.shelf.remove, shop.google.shelf.save):
        act("phone", object_id)
        await shop.google.callbacks.settle()
        states.append((await shop.known(card)).is_saved)

    assert states == [True, False, True]
    assert [each.status for each in shop.google.callbacks.sent] == [200, 200, 200]
    assert await told(database) == ["saved", "removed", "saved"]


async def test_the_same_event_told_at_once_and_again_is_one(
    signer: CallbackSigner, ids: CardIds, browser: Browser, database: Database
) -> None:
    """Ten at the same moment and one later are all taken, and told outside once."""
    body = envelope(signer, ids)
    answers = await asyncio.gather(*(post(browser, body) for _ in range(10)))
    answers.append(await post(browser, body))

    assert answers == [(200, b"")] * 11
    assert await told(database) == ["saved"]


async def test_a_replay_does_not_bring_a_removed_card_back(
    shop: GoogleShop, signer: CallbackSigner, card: UUID, ids: CardIds, browser: Browser
) -> None:
    """A save that somebody kept says nothing new after the deletion."""
    save = envelope(signer, ids)
    for body in (save, envelope(signer, ids, "DEL"), save):
        assert await post(browser, body) == (200, b"")

    assert not (await shop.known(card)).is_saved


@pytest.mark.parametrize(
    ("written", "altered"),
    [
        ('eventType\\": \\"save', 'eventType\\": \\"del'),
        ("ECv2SigningOnly", "ECv2"),
        ('"}', '"'),
    ],
)
async def test_an_altered_body_is_refused_without_a_word(
    signer: CallbackSigner,
    ids: CardIds,
    browser: Browser,
    database: Database,
    written: str,
    altered: str,
) -> None:
    """401 with nothing in it, and nothing kept."""
    body = envelope(signer, ids)
    assert written in body

    assert await post(browser, body.replace(written, altered)) == (401, b"")
    assert await told(database) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\x00", b"[" * 10_000])
async def test_what_is_no_callback_is_refused_alike(browser: Browser, body: bytes) -> None:
    """Whatever somebody sends who is not Google."""
    assert await post(browser, body) == (401, b"")


async def test_what_is_signed_for_another_issuer_is_refused(
    signer: CallbackSigner, ids: CardIds, browser: Browser, database: Database
) -> None:
    """Google did sign it, and names our card in it: still it was not told to us."""
    assert await post(browser, envelope(signer, ids, to="3388000000099999999")) == (401, b"")
    assert await told(database) == []


async def test_any_of_a_merchants_issuers_is_ours(
    shop: GoogleShop, signer: CallbackSigner, ids: CardIds, browser: Browser, database: Database
) -> None:
    """Cards stay under the issuer they were made under, however many have come since."""
    async with shop.resources.units(shop.shop.merchant.id) as unit:
        await unit.google.add_issuer("1000000000000000000")

    assert await post(browser, envelope(signer, ids)) == (200, b"")
    assert await told(database) == ["saved"]


async def test_a_late_callback_is_refused(
    ids: CardIds, browser: Browser, tmp_path: Path, database: Database
) -> None:
    """One hour after it was signed it may have been kept by anybody."""
    yesterday = CallbackSigner(tmp_path / "google", lambda: time() - HOUR - 1)
    assert await post(browser, envelope(yesterday, ids)) == (401, b"")
    assert await told(database) == []


async def test_a_huge_body_is_not_read(browser: Browser) -> None:
    """More than a callback can have."""
    assert (await post(browser, b"x" * (BODY_BYTES_MAX + 1)))[0] == 413


async def test_what_we_do_not_know_is_taken_and_left_alone(
    signer: CallbackSigner, ids: CardIds, browser: Browser, database: Database
) -> None:
    """An event of tomorrow and a card of nobody: Google need not tell them again."""
    nobody = CardIds(ids.object_id.parse(f"{ISSUER}.nobody"), ids.class_id)
    with capture_logs() as lines:
        answers = [
            await post(browser, envelope(signer, ids, "moved")),
            await post(browser, envelope(signer, nobody)),
        ]

    assert answers == [(200, b""), (200, b"")]
    assert await told(database) == []
    heard = [line["heard"] for line in lines if line["event"] == "google_called_back"]
    assert heard == ["unknown_event", "unknown_card"]


async def test_another_merchants_card_is_not_ours_to_change(
    shop: GoogleShop, signer: CallbackSigner, card: UUID, ids: CardIds, browser: Browser
) -> None:
    """Under an issuer that two share, each is told of its own cards only."""
    bakery = await open_shop(shop.resources, slug="bakery")
    async with shop.resources.units(bakery.merchant.id) as unit:
        await unit.google.add_issuer(ISSUER)
    body = envelope(signer, ids)

    assert await post(browser, body, "/callbacks/google/bakery") == (200, b"")
    assert not (await shop.known(card)).is_saved
    assert (await post(browser, body, "/callbacks/google/nobody"))[0] == 404


async def test_without_keys_google_is_asked_to_tell_it_again(
    database: Database, tmp_path: Path
) -> None:
    """503, since it may well be true."""
    nowhere = "http://127.0.0.1:1/keys"
    async with (
        open_google_shop(database, tmp_path, GOOGLE_KEYS_URL=nowhere) as shop,
        served(shop.resources) as browser,
    ):
        assert (await post(browser, "{}"))[0] == 503


async def test_no_log_names_a_card_or_holds_a_message(
    signer: CallbackSigner, ids: CardIds, browser: Browser
) -> None:
    """Neither what was taken nor what was refused."""
    good = envelope(signer, ids)
    with capture_logs() as lines:
        await post(browser, good)
        await post(browser, good.replace("save", "del"))

    shown = json.dumps(lines, default=str)
    assert "google_called_back" in shown
    assert "google_callback_distrusted" in shown
    assert str(ids.object_id) not in shown
    assert json.loads(json.loads(good)["signedMessage"])["nonce"] not in shown


async def test_crawlers_may_call_back_and_nothing_else(browser: Browser) -> None:
    """Google's agent reads robots.txt before it calls."""
    rules = (await browser.read("/robots.txt")).splitlines()
    assert rules[0] == "User-agent: *"
    assert {"Allow: /callbacks/google/", "Disallow: /"} <= set(rules)
