"""The till over real HTTP: pairing, PINs, scanning, stamping, and everybody who should not."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from gateway.domain.attempts import CODE_PER_TILL
from tests.database import Database
from tests.plans import stamp_plan
from tests.shopfront import (
    OTHER_PIN,
    PIN,
    Browser,
    Shopfront,
    open_shop,
    opened,
    pair,
    served,
    sign_in,
)

GUESSES_AT_ONCE = 16


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shopfront]:
    async with opened(database) as resources:
        yield await open_shop(resources, plan=stamp_plan(10, "Free coffee", cooldown_minutes=15))


@pytest.fixture
async def browser(shop: Shopfront) -> AsyncIterator[Browser]:
    """A browser that is a till, with nobody at it."""
    async with served(shop.resources) as opened_browser:
        await pair(opened_browser, shop)
        yield opened_browser


@dataclass(frozen=True, slots=True)
class Till:
    """A till with somebody at it, and a customer's card before it."""

    browser: Browser
    token: str
    card_id: str
    code: str

    async def ask(
        self, what: str, key: str | None = None, **body: str
    ) -> tuple[int, dict[str, Any]]:
        """Ask one of the doors about the card."""
        asked = {"card_id": self.card_id} | body
        response = await self.browser.ask(f"/till/api/{what}", asked, token=self.token, key=key)
        return response.status, await response.json(content_type=None)

    async def look_up(self, code: str) -> tuple[int, dict[str, Any]]:
        """Hold a code before the till."""
        response = await self.browser.ask("/till/api/look-ups", {"code": code}, token=self.token)
        return response.status, await response.json(content_type=None)


@pytest.fixture
async def till(browser: Browser, shop: Shopfront) -> Till:
    card = await browser.join("anna@mail.example")
    found = re.search(r"LC1-[A-Z2-7]{20}", await browser.read(card))
    assert found is not None
    return Till(browser, await sign_in(browser, shop), card.rpartition("/")[2], found[0])


async def test_a_pairing_code_works_once(shop: Shopfront) -> None:
    """The second browser that brings it is told to ask for a new one."""
    code = await shop.invite()
    async with served(shop.resources) as first, served(shop.resources) as second:
        typed = f"{code[:5].lower()}-{code[5:]}"
        assert (await first.send("/till/pair/cafe", {"code": typed})).status == 303
        refused = await second.send("/till/pair/cafe", {"code": code})
        assert refused.status == 400
        assert "wrong, used or too old" in await refused.text()
        assert "not a till yet" in await second.read("/till", 401)


async def test_a_till_of_another_merchant_is_no_till_here(shop: Shopfront) -> None:
    """A pairing code opens the merchant's own door only."""
    bakery = await open_shop(shop.resources, slug="bakery")
    async with served(shop.resources) as stranger:
        refused = await stranger.send("/till/pair/cafe", {"code": await bakery.invite()})
        assert refused.status == 400


async def test_a_pin_opens_the_till_and_a_wrong_one_does_not(
    browser: Browser, shop: Shopfront
) -> None:
    """The pad says that the PIN is wrong, and keeps who was chosen."""
    fields = {"person": str(shop.barista), "pin": OTHER_PIN}
    refused = await browser.send("/till", fields, "/till/sign-in")
    text = await refused.text()
    assert refused.status == 401
    assert "That PIN is not right." in text
    assert re.search(rf'value="{shop.barista}" required checked', text)
    await sign_in(browser, shop)
    assert "Mia" in await browser.read("/till/scan")


async def test_b1_of_a_hundred_wrong_pins_at_once_five_are_looked_at(
    browser: Browser, shop: Shopfront
) -> None:
    """The others are told that the PIN is locked, and so is the right one."""
    token = await browser.token("/till")
    # More at once would only wait for a connection, and on a busy machine be told to come again.
    at_once = asyncio.Semaphore(GUESSES_AT_ONCE)

    async def guess(pin: str) -> int:
        data = {"csrf_token": token, "person": str(shop.barista), "pin": pin}
        async with (
            at_once,
            browser.client.post("/till/sign-in", data=data, allow_redirects=False) as response,
        ):
            await response.read()
            return response.status

    answers = Counter(await asyncio.gather(*(guess(f"{number:04}") for number in range(100))))
    assert answers == {401: 5, 429: 95}
    assert await guess(PIN) == 429


async def test_a_person_who_does_not_work_here_is_a_wrong_pin(
    browser: Browser, shop: Shopfront
) -> None:
    """Guessing who exists leads nowhere, and counts."""
    bakery = await open_shop(shop.resources, slug="bakery")
    for person in (str(uuid4()), str(bakery.barista), "nonsense"):
        refused = await browser.send("/till", {"person": person, "pin": PIN}, "/till/sign-in")
        assert refused.status == 401


async def test_a_scanned_card_shows_enough_and_not_too_much(till: Till) -> None:
    """Staff recognise the customer; nobody could write to them."""
    status, card = await till.look_up(f" {till.code.lower()} ")
    assert status == 200
    assert card["customer"] == "a…@m….example"
    assert card["progress"]["text"] == "0 of 10"
    (reward,) = card["rewards"]
    assert (reward["name"], reward["price"]) == ("Free coffee", "10 stamps")
    assert reward["why_not"] == "10 more stamps to go for Free coffee."
    assert (card["standing"]["kind"], card["asks"]) == ("Stamp card", None)
    assert card["standing"]["dots"] == {"taken": 0, "places": 10, "columns": 5}


async def test_a_code_of_somebody_else_is_the_same_as_nonsense(
    till: Till, shop: Shopfront
) -> None:
    """Nobody learns at one shop who is a customer of another."""
    await open_shop(shop.resources, slug="bakery")
    async with served(shop.resources) as stranger:
        card = await stranger.read(await stranger.join("ben@mail.example", "bakery"))
    foreign = re.search(r"LC1-[A-Z2-7]{20}", card)
    assert foreign is not None
    answers = [await till.look_up(code) for code in (foreign[0], "LC1-NONSENSE", "\u2603")]
    assert {status for status, _ in answers} == {404}
    assert {body["detail"] for _, body in answers} == {"This is not one of our cards."}
    status, body = await till.ask("stamps", "k1", card_id=str(uuid4()))
    assert (status, body["code"]) == (404, "not_found")


async def test_a_till_that_guesses_codes_is_stopped(till: Till) -> None:
    """The door closes for this till, for the right code too."""
    for _ in range(CODE_PER_TILL.tries):
        assert (await till.look_up("LC1-GUESS"))[0] == 404
    assert (await till.look_up(till.code))[0] == 429


async def test_a_double_tap_is_one_stamp(till: Till) -> None:
    """The same key twice at once has one effect and gets the same bytes."""
    asked = {"card_id": till.card_id}
    responses = await asyncio.gather(
        *(
            till.browser.ask("/till/api/stamps", asked, token=till.token, key="one-tap")
            for _ in range(5)
        )
    )
    bodies = {await response.read() for response in responses}
    assert [response.status for response in responses] == [200] * 5
    assert len(bodies) == 1
    assert sum("Idempotency-Replayed" in response.headers for response in responses) == 4
    assert (await till.look_up(till.code))[1]["progress"]["text"] == "1 of 10"


async def test_a_stamp_too_soon_says_when_it_is_possible(till: Till) -> None:
    """Blocked is a refusal with a code for the till and an hour for the customer."""
    assert (await till.ask("stamps", "k1"))[0] == 200
    status, problem = await till.ask("stamps", "k2")
    assert (status, problem["code"]) == (422, "cooldown_active")
    assert problem["retry_at"]
    assert await till.ask("stamps", "k2") == (status, problem)


async def test_a_stamp_can_be_taken_back(till: Till) -> None:
    """Undone, the card is as before, and can be stamped at once."""
    _, stamped = await till.ask("stamps", "k1")
    status, undone = await till.ask("undos", "k2", transaction_id=stamped["transaction_id"])
    assert (status, undone["progress"]["text"]) == (200, "0 of 10")
    assert (await till.ask("stamps", "k3"))[0] == 200


async def test_a_reward_that_was_not_earned_is_not_handed_out(till: Till) -> None:
    """The till says how many stamps are missing."""
    _, card = await till.look_up(till.code)
    status, problem = await till.ask(
        "redemptions", "k1", reward_id=card["rewards"][0]["reward_id"]
    )
    assert (status, problem["code"], problem["missing"]) == (422, "not_enough", 10)


async def test_a_value_post_without_a_key_is_refused(till: Till) -> None:
    """A retry could not be told from a second wish."""
    status, problem = await till.ask("stamps")
    assert (status, problem["code"]) == (400, "idempotency_key_missing")


async def test_a9_a_stamp_from_another_page_is_refused(till: Till, shop: Shopfront) -> None:
    """Without the token, with a token of somebody else, or sent from another site."""
    asked = {"card_id": till.card_id}
    async with served(shop.resources) as other:
        await pair(other, shop)
        foreign = await sign_in(other, shop)
    for token in ("", foreign):
        response = await till.browser.ask("/till/api/stamps", asked, token=token, key="k1")
        assert response.status == 403
    headers = {
        "X-CSRF-Token": till.token,
        "Idempotency-Key": "k1",
        "Sec-Fetch-Site": "cross-site",
    }
    async with till.browser.client.post(
        "/till/api/stamps", json=asked, headers=headers
    ) as response:
        assert response.status == 403
    assert (await till.look_up(till.code))[1]["progress"]["text"] == "0 of 10"


async def test_a5_who_was_let_go_is_out_at_once(till: Till, shop: Shopfront) -> None:
    """The session of a person who left stamps nothing, and leads back to the PIN."""
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.staff.deactivate(shop.barista, unit.now)
    assert (await till.ask("stamps", "k1"))[0] == 401
    async with till.browser.client.get("/till/scan", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/till")
    assert "Noah" in await till.browser.read("/till")


async def test_a_lost_till_is_out_at_once(till: Till, shop: Shopfront) -> None:
    """Unpaired, it is a browser like any other."""
    async with shop.resources.units(shop.merchant.id) as unit:
        for each in await unit.tills.all():
            await unit.tills.revoke(each.id, unit.now)
    assert (await till.ask("stamps", "k1"))[0] == 401
    await till.browser.read("/till", 401)


async def test_a_staff_session_is_worth_nothing_without_its_till(
    till: Till, shop: Shopfront
) -> None:
    """A stolen session cookie alone stamps nothing: the till is the first factor."""
    jar = till.browser.client.session.cookie_jar
    stolen = {each.key: each.value for each in jar if each.key != "passgate_till"}
    async with served(shop.resources) as thief:
        thief.client.session.cookie_jar.update_cookies(stolen)
        response = await thief.ask(
            "/till/api/stamps", {"card_id": till.card_id}, token=till.token, key="k1"
        )
        assert response.status == 401


async def test_signing_out_ends_the_session_for_every_copy_of_it(
    till: Till, shop: Shopfront
) -> None:
    """The cookie is worth nothing afterwards, wherever it went."""
    jar = till.browser.client.session.cookie_jar
    kept = {each.key: each.value for each in jar}
    response = await till.browser.send("/till/scan", {}, "/till/sign-out")
    assert response.headers["Location"] == "/till"
    async with served(shop.resources) as copy:
        copy.client.session.cookie_jar.update_cookies(kept)
        assert "Who is at the till?" in await copy.read("/till")


async def test_the_scanner_may_use_the_camera_and_no_other_page_may(till: Till) -> None:
    """WebAssembly and the camera are allowed where they are needed."""
    async with till.browser.client.get("/till/scan") as response:
        assert "'wasm-unsafe-eval'" in response.headers["Content-Security-Policy"]
        assert "camera=(self)" in response.headers["Permissions-Policy"]
    async with till.browser.client.get("/join/cafe") as response:
        assert "wasm" not in response.headers["Content-Security-Policy"]
        assert "camera=()" in response.headers["Permissions-Policy"]
