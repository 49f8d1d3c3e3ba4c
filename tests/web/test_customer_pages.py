"""Customers' pages over real HTTP: joining, the card, and what a stranger sees."""

import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from gateway.domain.attempts import ENROL_PER_ADDRESS
from gateway.domain.business_day import last_day
from gateway.domain.programs import ProgramCommand
from gateway.domain.rewards import Reward, RewardDesign, RewardWords
from gateway.domain.wording import Language
from gateway.presenters.counting import day_text
from gateway.resources import new_id, now
from gateway.services.merchants.designing import Author
from gateway.services.merchants.steering import command_program
from tests.database import Database
from tests.shopfront import ORIGIN, Browser, Shopfront, pair, served, sign_in

PAGE_BYTES_MAX = 50_000


async def rows(database: Database, question: str) -> list[asyncpg.Record]:
    """Look into the database past every door."""
    connection = await asyncpg.connect(database.superuser_dsn)
    try:
        return list(await connection.fetch(question))
    finally:
        await connection.close()


async def test_a_poster_leads_to_a_card_without_a_script(browser: Browser) -> None:
    """One field, and the card is there, with its progress in words and its code."""
    page = "/join/cafe/old-town"
    response = await browser.send(page, {"contact": "anna@mail.example"})
    assert response.status == 303
    card = await browser.read(response.headers["Location"])
    assert "0 of 10" in card
    assert "Free coffee" in card
    assert re.search(r"LC1-[A-Z2-7]{20}", card)
    assert "anna" not in response.headers["Location"]


async def test_the_join_page_asks_one_thing_and_is_light(browser: Browser) -> None:
    """One text field, a box nobody ticked for you, and with its style no more than 50 kB."""
    page = await browser.read("/join/cafe/old-town")
    assert len(re.findall(r'<input(?![^>]*type="(?:hidden|checkbox)")', page)) == 1
    assert 'type="checkbox"' in page
    assert "checked" not in page
    assert "<script" not in page
    sheet = re.search(r'href="(/static/[^"]+passgate\.css)"', page)
    assert sheet is not None
    assert len((page + await browser.read(sheet[1])).encode()) < PAGE_BYTES_MAX


async def test_no_page_holds_a_style_or_script_of_its_own(browser: Browser) -> None:
    """The policy forbids them, so a page that relied on one would be broken."""
    card = await browser.join("anna@mail.example")
    for path in ("/", "/join/cafe", card, "/log-in", "/till", "/till/pair/cafe"):
        text = await browser.read(path, 401 if path == "/till" else 200)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", text), path


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please enter a mail address"),
        ("nobody", "Please enter a mail address"),
        ("anna@", "does not look like a mail address"),
        ("+352 12345", "does not look like a phone number"),
    ],
)
async def test_a_mistake_is_answered_beside_the_field(
    browser: Browser, typed: str, sentence: str
) -> None:
    """What was typed stays, the field is marked, and the sentence says what to do."""
    response = await browser.send("/join/cafe", {"contact": typed})
    text = await response.text()
    assert response.status == 400
    assert sentence in text
    assert f'value="{typed}"' in text
    assert 'aria-invalid="true"' in text


async def test_enrolling_twice_is_the_same_card(browser: Browser, database: Database) -> None:
    """However the address is written, its owner gets their card back."""
    first = await browser.join("Anna@Mail.example")
    assert await browser.join(" anna@mail.example ") == first
    assert len(await rows(database, "SELECT id FROM cards")) == 1


async def test_a_consent_is_kept_with_its_words_and_only_when_given(
    browser: Browser, database: Database
) -> None:
    """An empty box is no consent, and takes none back; a ticked one is kept as it read."""
    await browser.send("/join/cafe", {"contact": "shy@mail.example"})
    await browser.send("/join/cafe", {"contact": "anna@mail.example", "marketing": "yes"})
    await browser.send("/join/cafe", {"contact": "anna@mail.example"})
    (kept,) = await rows(database, "SELECT * FROM consents")
    assert (kept["channel"], kept["purpose"], kept["granted"]) == ("mail", "marketing", True)
    assert kept["wording"] == "Café Sonne may send me offers. I can stop this at any time."
    assert str(kept["remote_address"]) == "127.0.0.1"


async def test_a_stranger_sees_the_same_for_a_card_and_for_none(
    browser: Browser, shop: Shopfront
) -> None:
    """Without the cookie nobody learns whether a card exists."""
    card = await browser.join("anna@mail.example")
    async with served(shop.resources) as stranger:
        for page in ("", "/now", "/apple-wallet", "/sandbox-phone", "/manifest.webmanifest"):
            real = await stranger.read(card + page, 404)
            assert await stranger.read(f"/card/cafe/{uuid4()}{page}", 404) == real
            assert await stranger.read(f"/card/cafe/nonsense{page}", 404) == real
    assert "/join/cafe" in real


async def test_a_cookie_opens_its_own_card_only(browser: Browser, shop: Shopfront) -> None:
    """Somebody else's card stays shut, also with the proof of mine under its name."""
    mine = await browser.join("anna@mail.example")
    async with served(shop.resources) as other:
        theirs = await other.join("ben@mail.example")
    my_id, their_id = (path.rpartition("/")[2].replace("-", "") for path in (mine, theirs))
    jar = browser.client.session.cookie_jar
    proof = next(each.value for each in jar if each.key == f"passgate_card_{my_id}")
    browser.client.session.cookie_jar.update_cookies({f"passgate_card_{their_id}": proof})
    await browser.read(theirs, 404)
    await browser.read(mine, 200)


async def test_the_card_cookie_cannot_be_read_by_a_script(browser: Browser) -> None:
    """What proves the card is HttpOnly and comes along from our own pages only."""
    response = await browser.send("/join/cafe", {"contact": "anna@mail.example"})
    (cookie,) = (v for v in response.headers.getall("Set-Cookie") if "passgate_card_" in v)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_a_card_that_did_not_change_costs_nothing(browser: Browser, shop: Shopfront) -> None:
    """The script asks with what it has; a stamp makes the difference."""
    card = await browser.join("anna@mail.example")
    async with browser.client.get(f"{card}/now") as first:
        etag, text = first.headers["ETag"], await first.text()
    async with browser.client.get(f"{card}/now", headers={"If-None-Match": etag}) as again:
        assert (again.status, await again.read()) == (304, b"")
    async with served(shop.resources) as till:
        await pair(till, shop)
        token = await sign_in(till, shop)
        asked = {"card_id": card.rpartition("/")[2]}
        assert (await till.ask("/till/api/stamps", asked, token=token, key="k1")).status == 200
    async with browser.client.get(f"{card}/now", headers={"If-None-Match": etag}) as later:
        assert later.status == 200
        assert "1 of 10" in await later.text()
    assert "0 of 10" in text


async def test_a_card_without_a_pass_shows_no_wallet_button(browser: Browser) -> None:
    """Before Apple is set up there is nothing to add."""
    card = await browser.join("anna@mail.example")
    assert "Apple Wallet" not in await browser.read(card)


async def test_an_address_that_enrols_for_hours_is_stopped(
    browser: Browser, shop: Shopfront
) -> None:
    """The door closes for the address, whatever it types, and says when to come back."""
    async with shop.resources.units(shop.merchant.id) as unit:
        for _ in range(ENROL_PER_ADDRESS.tries):
            await unit.attempts.reserve(ENROL_PER_ADDRESS, "127.0.0.1", unit.now)
    response = await browser.send("/join/cafe", {"contact": "anna@mail.example"})
    assert response.status == 429
    assert int(response.headers["Retry-After"]) <= ENROL_PER_ADDRESS.lock / timedelta(seconds=1)


@pytest.mark.parametrize("path", ["/join/nobody", "/join/cafe/nowhere", "/join/%00", "/join/a%ff"])
async def test_an_unknown_shop_or_place_is_not_found(browser: Browser, path: str) -> None:
    """Also when the name is one no database could hold."""
    await browser.read(path, 404)


async def test_a_paused_program_takes_no_one_in(browser: Browser, shop: Shopfront) -> None:
    """Who scans the poster then is told so, kindly; who holds a card still sees it."""
    card = await browser.join("anna@mail.example")
    author = Author(principal=shop.owner, origin=ORIGIN, new_id=new_id)
    async with shop.resources.units(shop.merchant.id) as unit:
        program = await unit.programs.one(shop.program.id)
        await command_program(
            unit, program.id, ProgramCommand.PAUSE, author, revision=program.revision
        )
    assert "no card to offer at the moment" in await browser.read("/join/cafe", 422)
    shown = await browser.read(card)
    assert "0 of 10" in shown
    assert "Paused. Nothing can be collected at the moment" in shown


async def test_the_card_of_a_program_that_ended_says_until_when_it_can_be_used(
    browser: Browser, shop: Shopfront, database: Database
) -> None:
    """Instead of what comes next; and afterwards, that it is over."""
    card = await browser.join("anna@mail.example")
    author = Author(principal=shop.owner, origin=ORIGIN, new_id=new_id)
    async with shop.resources.units(shop.merchant.id) as unit:
        program = await unit.programs.one(shop.program.id)
        await command_program(
            unit, program.id, ProgramCommand.END, author, revision=program.revision
        )
    until = now() + timedelta(days=shop.program.version.plan.grace_days)
    zone = ZoneInfo("Europe/Luxembourg")
    shown = await browser.read(card)
    assert f"until {day_text(last_day(until, zone), Language.EN)}." in shown
    assert "more to go" not in shown

    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute("UPDATE programs SET ended_at = ended_at - interval '91 days'")
    await connection.close()
    assert "can no longer be used" in await browser.read(card)


async def test_the_colours_are_a_stylesheet_that_holds_nothing_else(browser: Browser) -> None:
    """Six digits each, or nothing."""
    sheet = await browser.read("/look/1f4d3a-ffffff-cfe5d8.css")
    assert "--card-background:#1f4d3a" in sheet
    await browser.read("/look/1f4d3a-ffffff-cfe5d8.svg")
    await browser.read("/look/red;}-ffffff-cfe5d8.css", 404)


async def test_a_reward_is_shown_in_its_customers_words(
    browser: Browser, shop: Shopfront, database: Database
) -> None:
    """With what it is and its terms behind a line of their own, and no picture of another host."""
    card = await browser.join("anna@mail.example")
    design = RewardDesign(
        name="Mug",
        unit="stamp",
        cost=2,
        category="mugs",
        description="White.",
        image="https://cafe.example/mug.jpg",
        localised={
            Language.FR: RewardWords(name="Tasse", description="Blanche.", terms="Une <seule>.")
        },
    )
    reward = Reward(id=new_id(), program_id=shop.program.id, design=design)
    async with shop.resources.units(shop.merchant.id) as unit:
        assert await unit.rewards.add(reward, unit.now)
    shown = await browser.read(card)
    assert "Mug" in shown
    assert "mugs" in shown
    assert "White." in shown
    assert "cafe.example" not in shown
    assert "/pictures/" not in shown

    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.pictures.want("https://cafe.example/mug.jpg", unit.now)
        await unit.pictures.keep("https://cafe.example/mug.jpg", b"webp")
    shown = await browser.read(card)
    (picture,) = re.findall(r'<img src="(/pictures/cafe/[0-9a-f]{32}\.webp)" alt=""', shown)
    answer = await browser.client.get(picture)
    assert (await answer.read(), answer.content_type) == (b"webp", "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "cafe.example" not in shown
    for wrong in (picture.replace("cafe/", "other/"), "/pictures/cafe/mug.webp"):
        await browser.read(wrong, 404)
    await browser.read(f"/pictures/cafe/{'0' * 32}.webp", 404)

    await rows(database, "UPDATE customers SET language = 'fr' RETURNING id")
    shown = await browser.read(card)
    assert '<span lang="fr">Tasse</span>' in shown
    assert "Une &lt;seule&gt;." in shown
    assert "En savoir plus" in shown
    assert "White." not in shown
