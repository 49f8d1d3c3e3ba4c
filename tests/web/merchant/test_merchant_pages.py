"""The merchant's pages over real HTTP: logging in, programs, members, tills, posters."""

import json
import re

import pytest

from gateway.domain.attempts import LOGIN_PER_PERSON
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.people import Role
from gateway.resources import new_id
from gateway.services.merchants.overseeing import MEMBERS_PAGE_ROWS
from gateway.storage.cards.cards import NewCard
from gateway.storage.cards.customers import Customer
from gateway.storage.people.people import Member
from tests.shopfront import (
    EMAIL,
    PASSWORD,
    Browser,
    Shopfront,
    log_in,
    open_shop,
    pair,
    served,
)

PLAN = {
    "rules": [
        {
            "type": "stamp_card",
            "stamps_required": 10,
            "reward": {"type": "free_item", "description": "Anything"},
        }
    ]
}
STAMPS, REWARD = "/rules/0/stamps_required", "/rules/0/reward/description"
DESIGN = {
    "name": "Breakfast card",
    "plan": json.dumps(PLAN),
    REWARD: "Free croissant",
    STAMPS: "8",
    "/limits/cooldown_minutes": "15",
    "/limits/daily_limit": "5",
    "background": "#4a2c20",
    "foreground": "#fff6ea",
    "label": "#e8cdb6",
}
NEW = "/merchant/programs/new"


async def test_the_shops_name_leads_to_its_log_in(shop: Shopfront) -> None:
    """However it is written; and never to another site."""
    async with served(shop.resources) as visitor:
        for typed, leads_to in (
            ("Cafe", "/merchant/cafe/log-in"),
            (" Café Sonne ", "/merchant/caf-sonne/log-in"),
            ("//evil.example/", "/merchant/evil-example/log-in"),
            ("", "/log-in"),
        ):
            response = await visitor.send("/log-in", {"shop": typed})
            assert (response.status, response.headers["Location"]) == (303, leads_to)
        await visitor.read("/merchant/nobody/log-in", 404)


async def test_an_unknown_address_is_refused_like_a_wrong_password(shop: Shopfront) -> None:
    """Nobody learns who works here."""
    async with served(shop.resources) as visitor:
        answers = []
        for email in (EMAIL, "nobody@cafe.example"):
            fields = {"email": email, "password": "wrong"}
            response = await visitor.send("/merchant/cafe/log-in", fields)
            text = await response.text()
            answers.append((response.status, text.replace(email, "")))
        assert answers[0][0] == 401
        assert "Address or password is not right." in answers[0][1]
        assert re.sub("[0-9a-f]{64}", "", answers[0][1]) == re.sub(
            "[0-9a-f]{64}", "", answers[1][1]
        )


async def test_a_password_cannot_be_guessed_for_long(shop: Shopfront) -> None:
    """The right one is refused as well while the door is closed."""
    async with shop.resources.units(shop.merchant.id) as unit:
        for _ in range(LOGIN_PER_PERSON.tries):
            await unit.attempts.reserve(LOGIN_PER_PERSON, EMAIL, unit.now)
    async with served(shop.resources) as visitor:
        fields = {"email": EMAIL, "password": PASSWORD}
        assert (await visitor.send("/merchant/cafe/log-in", fields)).status == 429


async def test_who_is_not_logged_in_is_sent_to_the_door(shop: Shopfront) -> None:
    """Every page of a merchant, read or sent."""
    async with served(shop.resources) as visitor:
        for path in ("/merchant", NEW, "/merchant/members"):
            async with visitor.client.get(path, allow_redirects=False) as response:
                assert (response.status, response.headers["Location"]) == (303, "/log-in")


async def test_a_till_is_not_the_merchant(shop: Shopfront) -> None:
    """Who stands at the till sees none of the merchant's pages."""
    async with served(shop.resources) as till:
        await pair(till, shop)
        async with till.client.get("/merchant", allow_redirects=False) as response:
            assert response.status == 303


async def test_somebody_of_the_staff_who_logs_in_may_not_look(
    shop: Shopfront,
) -> None:
    """The overview, members and programs are for managers and owners."""
    kept = await shop.resources.hasher.hash(PASSWORD)
    member = Member(
        id=new_id(), name="Eva", role=Role.STAFF, email="eva@cafe.example", password_hash=kept
    )
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.staff.add(member, unit.now)
    async with served(shop.resources) as visitor:
        fields = {"email": "eva@cafe.example", "password": PASSWORD}
        assert (await visitor.send("/merchant/cafe/log-in", fields)).status == 303
        for path in (
            "/merchant",
            NEW,
            "/merchant/members",
            f"/merchant/programs/{shop.program.id}",
        ):
            await visitor.read(path, 403)


async def test_a_program_is_live_after_one_form(browser: Browser) -> None:
    """Saved and started, it is what the poster leads to."""
    response = await browser.send(NEW, DESIGN | {"do": "start"})
    assert response.status == 303
    assert "active" in await browser.read(response.headers["Location"])
    assert "Free croissant" in await browser.read("/join/cafe/old-town")


async def test_a_draft_is_seen_by_nobody(browser: Browser) -> None:
    """Until it is started, customers get the program they know."""
    response = await browser.send(NEW, DESIGN)
    assert "Not visible to customers" in await browser.read(response.headers["Location"])
    assert "Free coffee" in await browser.read("/join/cafe")


async def test_each_mistake_in_a_program_is_named_beside_its_field(browser: Browser) -> None:
    """What was typed stays, and the sentence says what is possible."""
    response = await browser.send(NEW, DESIGN | {STAMPS: "99", REWARD: " ", "label": "red"})
    text = await response.text()
    assert response.status == 400
    assert "Stamps required must be between 2 and 50" in text
    assert "Please write something here." in text
    assert "Please give a colour" in text
    assert 'value="99"' in text
    assert text.count('aria-invalid="true"') == 3


async def test_the_preview_is_the_card_as_customers_will_see_it(browser: Browser) -> None:
    """Drawn by the server, for the script and for those without one."""
    fields = DESIGN | {"csrf_token": await browser.token(NEW)}
    async with browser.client.post("/merchant/programs/preview", data=fields) as response:
        drawn = await response.text()
    assert "Free croissant" in drawn
    assert "4 of 8" in drawn
    assert drawn.count('class="dot') == 8 + 1
    without_script = await browser.send(NEW, DESIGN | {"do": "preview"})
    assert "4 of 8" in await without_script.text()


async def test_colours_nobody_can_read_are_told(browser: Browser) -> None:
    """The merchant may keep them, but knows."""
    grey = {"background": "#777777", "foreground": "#888888", "label": "#999999"}
    response = await browser.send(NEW, DESIGN | grey | {"do": "preview"})
    assert "hard to read" in await response.text()


async def test_a_change_is_a_new_version(browser: Browser, shop: Shopfront) -> None:
    """The card customers hold shows the new promise."""
    card = await browser.join("anna@mail.example")
    page = f"/merchant/programs/{shop.program.id}"
    response = await browser.send(page, DESIGN | {"revision": str(shop.program.revision)})
    assert response.status == 303
    assert "Version 2," in await browser.read(page)
    assert "0 of 8" in await browser.read(card)


async def test_two_who_change_the_same_program_do_not_overwrite_each_other(
    browser: Browser, shop: Shopfront
) -> None:
    """The second is told to load it again."""
    page, revision = f"/merchant/programs/{shop.program.id}", str(shop.program.revision)
    assert (await browser.send(page, DESIGN | {"revision": revision})).status == 303
    late = await browser.send(page, DESIGN | {"revision": revision})
    assert late.status == 412
    assert "Somebody else changed this" in await late.text()


@pytest.mark.parametrize(("do", "status"), [("pause", 303), ("end", 303), ("activate", 422)])
async def test_a_program_is_steered(
    browser: Browser, shop: Shopfront, do: str, status: int
) -> None:
    """An active program can be paused or ended, and not be started again."""
    page = f"/merchant/programs/{shop.program.id}"
    fields = {"do": do, "revision": str(shop.program.revision)}
    assert (await browser.send(page, fields, f"{page}/status")).status == status


async def test_another_merchants_program_does_not_exist(browser: Browser, shop: Shopfront) -> None:
    """Neither to look at nor to change, nor its poster."""
    bakery = await open_shop(shop.resources, slug="bakery")
    theirs = f"/merchant/programs/{bakery.program.id}"
    await browser.read(theirs, 404)
    for path in (theirs, f"{theirs}/status"):
        fields = DESIGN | {"do": "end", "revision": "2"}
        assert (await browser.send(NEW, fields, path)).status == 404
    await browser.read(f"/merchant/locations/{bakery.location.id}/poster", 404)
    invited = await browser.send(
        "/merchant", {"name": "x", "location": str(bakery.location.id)}, "/merchant/tills"
    )
    assert invited.status == 404


async def test_members_are_listed_masked_and_page_by_page(
    browser: Browser, shop: Shopfront
) -> None:
    """Newest first, nobody twice, nobody left out, and no address in full."""
    async with shop.resources.units(shop.merchant.id) as unit:
        for number in range(MEMBERS_PAGE_ROWS + 3):
            contact = Contact(kind=ContactKind.PHONE, address=f"+352621000{number:03}")
            customer = Customer(id=new_id(), contacts=(contact,), language="en", time_zone="UTC")
            await unit.customers.claim(customer, unit.now)
            card = NewCard(
                id=new_id(),
                code=f"LC1-{number}",
                program_id=shop.program.id,
                customer_id=customer.id,
            )
            await unit.cards.open(card, unit.now)
    first = await browser.read("/merchant/members")
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = await browser.read(older[1].replace("&amp;", "&"))
    rows = [re.findall(r'scope="row"><a[^>]*>([^<]+)<', page) for page in (first, second)]
    assert [len(page) for page in rows] == [MEMBERS_PAGE_ROWS, 3]
    assert len({*rows[0], *rows[1]}) == MEMBERS_PAGE_ROWS + 3
    assert "+352621" not in first
    await browser.read("/merchant/members?after=forged", 400)


async def test_a_till_is_paired_with_what_the_page_shows(
    browser: Browser, shop: Shopfront
) -> None:
    """The code is shown once; the till then stands on the overview, until it is unpaired."""
    fields = {"name": "Bar", "location": str(shop.location.id)}
    response = await browser.send("/merchant", fields, "/merchant/tills")
    text = await response.text()
    code = re.search(r'big-code">([A-Z2-7]{5}-[A-Z2-7]{5})<', text)
    assert code is not None
    async with served(shop.resources) as till:
        assert (await till.send("/till/pair/cafe", {"code": code[1]})).status == 303
        overview = await browser.read("/merchant")
        assert "paired" in overview
        unpair = re.search(r'action="(/merchant/tills/[^"]+/unpair)"', overview)
        assert unpair is not None
        assert (await browser.send("/merchant", {}, unpair[1])).status == 303
        await till.read("/till", 401)


async def test_a_poster_leads_where_it_says(browser: Browser, shop: Shopfront) -> None:
    """The address stands below the code, for those who cannot scan."""
    poster = await browser.read(f"/merchant/locations/{shop.location.id}/poster")
    assert "Free coffee" in poster
    assert "http://127.0.0.1:8080/join/cafe/old-town" in poster
    assert '<svg viewBox="0 0 ' in poster


async def test_the_overview_counts_what_it_says(browser: Browser) -> None:
    """Members, those with a stamp lately, and rewards handed out."""
    await browser.join("anna@mail.example")
    figures = re.findall(r"<dd>(\d+)</dd>", await browser.read("/merchant"))
    assert figures == ["1", "0", "0"]


async def test_a9_no_form_of_the_merchant_is_taken_without_its_token(
    browser: Browser, shop: Shopfront
) -> None:
    """Neither missing nor somebody else's."""
    async with served(shop.resources) as other:
        await log_in(other, shop)
        foreign = await other.token(NEW)
    for token in ({}, {"csrf_token": foreign}):
        for path in (NEW, "/merchant/tills", "/merchant/log-out"):
            async with browser.client.post(path, data=DESIGN | token) as response:
                assert response.status == 403, path


async def test_logging_out_ends_the_session_for_every_copy_of_it(
    browser: Browser, shop: Shopfront
) -> None:
    """The cookie is worth nothing afterwards, wherever it went."""
    kept = {each.key: each.value for each in browser.client.session.cookie_jar}
    await browser.send("/merchant", {}, "/merchant/log-out")
    async with served(shop.resources) as copy:
        copy.client.session.cookie_jar.update_cookies(kept)
        async with copy.client.get("/merchant", allow_redirects=False) as response:
            assert response.status == 303


async def test_a_person_gets_a_pin_and_loses_it_when_they_leave(
    browser: Browser, shop: Shopfront
) -> None:
    """They stand at the till until they are let go, and not a moment longer."""
    fields = {"name": "Zoé", "pin": "8264"}
    assert (await browser.send("/merchant", fields, "/merchant/people")).status == 303
    async with served(shop.resources) as till:
        await pair(till, shop)
        person = re.search(
            r'name="person" value="([^"]+)"[^>]*><span>Zoé<', await till.read("/till")
        )
        assert person is not None
        entered = await till.send("/till", {"person": person[1], "pin": "8264"}, "/till/sign-in")
        assert entered.headers["Location"] == "/till/scan"
        leave = f"/merchant/people/{person[1]}/let-go"
        assert (await browser.send("/merchant", {}, leave)).status == 303
        assert "Zoé" not in await till.read("/till")


@pytest.mark.parametrize(
    ("name", "pin", "sentence"),
    [
        ("Zoé", "1234", "too easy to guess"),
        ("Zoé", "12", "4 to 8 digits"),
        ("", "8264", "Please give a name"),
    ],
)
async def test_an_easy_pin_is_refused_beside_its_field(
    browser: Browser, name: str, pin: str, sentence: str
) -> None:
    """Nobody gets a PIN that everybody tries first; and it is not shown again."""
    fields = {"name": name, "pin": pin}
    response = await browser.send("/merchant", fields, "/merchant/people")
    text = await response.text()
    assert response.status == 400
    assert sentence in text
    assert f'value="{pin}"' not in text


async def test_an_owner_cannot_be_let_go(browser: Browser, shop: Shopfront) -> None:
    """A shop never stands without anybody who may open it."""
    leave = f"/merchant/people/{shop.owner.staff_id}/let-go"
    assert (await browser.send("/merchant", {}, leave)).status == 403
    await browser.read("/merchant")
