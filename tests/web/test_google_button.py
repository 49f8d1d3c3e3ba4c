"""The way from the card's page into Google Wallet, without a script and without a trace."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from gateway.google_folder import BUTTON_BYTES_MAX
from gateway.web.customer import google_pages
from sandbox.google.records import CLASS, OBJECT
from sandbox.google.save_links import objects_of
from tests.database import Database
from tests.googles import make_class, make_object
from tests.shopfront import Browser, open_shop, opened, served
from tests.web.google_shop import SAVE_URL, GoogleShop, card_id_of, open_google_shop

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 15)"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64)"
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 2"><path d="M0 0h8v2H0z"/></svg>'
)


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[GoogleShop]:
    """A shop whose cards can go to Google Wallet."""
    async with open_google_shop(database, tmp_path) as opened_shop:
        yield opened_shop


@pytest.fixture
async def browser(shop: GoogleShop) -> AsyncIterator[Browser]:
    async with served(shop.resources) as opened_browser:
        yield opened_browser


@pytest.fixture
async def card(browser: Browser) -> str:
    """The address of a card's page."""
    return await browser.join("anna@mail.example")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who waits no moment longer."""
    monkeypatch.setattr(google_pages, "WAIT_SECONDS_MAX", 0.0)


@pytest.fixture
def buttons(shop: GoogleShop) -> Path:
    """The folder of Google's own buttons."""
    assert shop.resources.settings.google_folder is not None
    folder = shop.resources.settings.google_folder / "buttons"
    folder.mkdir()
    return folder


async def look(browser: Browser, card: str, agent: str) -> str:
    """Open the card's page on a phone."""
    async with browser.client.get(card, headers={"User-Agent": agent}) as response:
        assert response.status == 200
        return await response.text()


async def press(browser: Browser, card: str) -> str:
    """Press the button, and return where that leads."""
    response = await browser.send(card, {}, f"{card}/google-wallet")
    assert response.status == 303, await response.text()
    return response.headers["Location"]


@pytest.mark.parametrize(
    ("agent", "is_first", "is_folded"),
    [(ANDROID, True, False), (IPHONE, False, True), (DESKTOP, False, False)],
)
async def test_on_an_android_phone_google_comes_first(
    browser: Browser, card: str, agent: str, *, is_first: bool, is_folded: bool
) -> None:
    """On an iPhone it waits under "On an Android phone?", at a desk it stands below the card."""
    text = await look(browser, card, agent)
    assert (text.index("Add to Google Wallet") < text.index('class="card"')) is is_first
    assert ("On an Android phone?" in text) is is_folded


async def test_the_owner_waits_and_is_led_to_google(
    shop: GoogleShop, browser: Browser, card: str
) -> None:
    """Pressed, waited for, written, and led on by a link that Google takes: no script in it."""
    waits_at = await press(browser, card)
    waiting = await browser.read(waits_at)
    assert "Your card is being prepared" in waiting
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', waiting)
    assert found is not None
    card_id = card_id_of(card)
    led = asyncio.create_task(browser.client.get(found[1], allow_redirects=False))
    ids = await shop.ask(card_id)
    class_id, object_id = str(ids.class_id), str(ids.object_id)
    shop.google.wallet.insert(CLASS, make_class(id=class_id))
    shop.google.wallet.insert(OBJECT, make_object(id=object_id, classId=class_id))
    await shop.write(card_id)

    async with await led as response:
        assert response.status == 302
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        leads_to = response.headers["Location"]
    assert leads_to.startswith(SAVE_URL)
    token = leads_to.removeprefix(SAVE_URL)
    assert objects_of(token, shop.google.accounts, shop.google.wallet) == [object_id]


@pytest.mark.usefixtures("impatient")
async def test_nobody_waits_for_ever(browser: Browser, card: str) -> None:
    """After some rounds there is a plain sentence and the way back, and no further round."""
    at, rounds = await press(browser, card), 0
    while found := re.search(r'content="0; url=([^"]+)"', await browser.read(at)):
        at, rounds = found[1], rounds + 1
    assert rounds == google_pages.ROUNDS_MAX
    assert "takes longer than usual" in await browser.read(at)
    await browser.read(f"{card}/google-wallet?round={rounds + 1}", 400)


async def test_the_link_is_in_no_page_and_no_log(
    shop: GoogleShop, browser: Browser, card: str
) -> None:
    """Whoever has it has the card."""
    await press(browser, card)
    await shop.write(card_id_of(card))
    with capture_logs() as lines:
        page = await browser.read(f"{card}/google-wallet")
        async with browser.client.get(
            f"{card}/google-wallet?round=1", allow_redirects=False
        ) as response:
            token = response.headers["Location"].removeprefix(SAVE_URL)
            assert token not in await response.text()

    assert lines
    assert token not in page
    assert token not in json.dumps(lines, default=str)


async def test_a_saved_card_is_viewed_and_a_removed_one_added_again(
    shop: GoogleShop, browser: Browser, card: str
) -> None:
    """What Google told us decides, and the card on the page stays what it was."""
    ids = await shop.ask(card_id_of(card))
    await shop.write(card_id_of(card))
    units, merchant_id = shop.resources.units, shop.shop.merchant.id
    async with units(merchant_id) as unit:
        await unit.google.mark_saved(str(ids.object_id), unit.now)
    saved = await look(browser, card, ANDROID)
    async with units(merchant_id) as unit:
        await unit.google.mark_removed(str(ids.object_id), unit.now)
    removed = await look(browser, card, ANDROID)

    view = SAVE_URL.replace("/save/", f"/object/{ids.object_id}")
    assert f'href="{view}"' in saved
    assert "Add to Google Wallet" not in saved
    assert "Add to Google Wallet" in removed


async def test_without_an_account_there_is_no_button(
    shop: GoogleShop, browser: Browser, card: str
) -> None:
    """Neither on the page nor behind it, and nothing breaks."""
    assert shop.resources.settings.google_folder is not None
    (file,) = shop.resources.settings.google_folder.glob("*/service-account.json")
    file.unlink()
    assert "Google Wallet" not in await look(browser, card, ANDROID)
    token = await browser.token("/join/cafe")
    answer = await browser.client.post(f"{card}/google-wallet", data={"csrf_token": token})
    assert answer.status == 404


async def test_without_an_issuer_there_is_no_button(database: Database) -> None:
    """Before Google is set up there is nothing to add."""
    async with opened(database) as resources:
        await open_shop(resources)
        async with served(resources) as browser:
            card = await browser.join("anna@mail.example")
            assert "Google Wallet" not in await look(browser, card, ANDROID)


async def test_a_stranger_gets_no_link(shop: GoogleShop, browser: Browser, card: str) -> None:
    """Neither by asking for a card nor by waiting for it."""
    await press(browser, card)
    await shop.write(card_id_of(card))
    async with served(shop.resources) as stranger:
        await stranger.read(f"{card}/google-wallet?round=1", 404)
        answer = await stranger.send("/join/cafe", {}, f"{card}/google-wallet")
        assert answer.status == 404


async def test_googles_own_button_is_served_as_it_is(
    browser: Browser, card: str, buttons: Path
) -> None:
    """Not a byte is changed; its words are read out, and whatever is in it runs nowhere."""
    (buttons / "en.svg").write_bytes(DRAWING)
    page = await look(browser, card, ANDROID)
    found = re.search(r'<img src="([^"]+)" alt="Add to Google Wallet" lang="en">', page)
    assert found is not None
    async with browser.client.get(found[1]) as response:
        assert await response.read() == DRAWING
        headers = response.headers
    assert headers["Content-Type"] == "image/svg+xml"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= set(headers["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize(
    ("language", "alt"),
    [("fr", "Ajouter à Google Wallet"), ("de", "Zu Google Wallet hinzufügen")],
)
async def test_the_button_speaks_the_shops_language_or_english(
    database: Database, shop: GoogleShop, buttons: Path, language: str, alt: str
) -> None:
    """The words read out are those on the picture, never those of another language."""
    for name in ("en", language):
        (buttons / f"{name}.svg").write_bytes(DRAWING)
    await _speak(database, language)
    async with served(shop.resources) as browser:
        card = await browser.join("anna@mail.example")
        assert f'alt="{alt}" lang="{language}"' in await look(browser, card, ANDROID)
        (buttons / f"{language}.svg").unlink()
        assert 'alt="Add to Google Wallet" lang="en"' in await look(browser, card, ANDROID)


async def test_the_button_speaks_the_language_its_reader_chose(
    browser: Browser, card: str, buttons: Path
) -> None:
    """A customer who has us write in French reads French, whatever the shop speaks."""
    for name in ("en", "fr"):
        (buttons / f"{name}.svg").write_bytes(DRAWING)

    await browser.send(f"{card}/preferences", {"do": "speak", "language": "fr"})

    assert 'alt="Ajouter à Google Wallet" lang="fr"' in await look(browser, card, ANDROID)


async def test_a_button_that_is_not_there_or_too_large_is_not_found(
    browser: Browser, buttons: Path
) -> None:
    """Nor is anything that is no language: the name becomes a path."""
    (buttons / "de.svg").write_bytes(b"x" * (BUTTON_BYTES_MAX + 1))
    for name in ("de", "fr", "xx", "..%2Fen", "%00"):
        await browser.read(f"/google/buttons/{name}.svg", 404)


async def _speak(database: Database, language: str) -> None:
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute("UPDATE merchants SET language = $1", language)
    await connection.close()
