"""The catalogue on the merchant's pages, in a browser without scripts."""

import re
from html import unescape

import pytest

from gateway.domain.rewards import Reward
from tests.shopfront import Browser, Shopfront

MUG = {
    "name": "Mug",
    "unit": "stamp",
    "cost": "3",
    "stock": "5",
    "reservation_minutes": "15",
    "active": "on",
}


@pytest.fixture
def listed(shop: Shopfront) -> str:
    """The page of the program's rewards."""
    return f"/merchant/programs/{shop.program.id}/rewards"


async def add(browser: Browser, listed: str, **fields: str) -> str:
    """Add a mug, with what a test wants otherwise; return its page."""
    response = await browser.send(f"{listed}/new", MUG | fields)
    assert (response.status, response.headers.get("Location")) == (303, listed), (
        await response.text()
    )
    found = re.findall(r"/merchant/rewards/[0-9a-f-]{36}", await browser.read(listed))
    return str(found[-1])


async def rewards(shop: Shopfront) -> list[Reward]:
    """Return what the program promises, and then what stands in the catalogue."""
    async with shop.resources.units(shop.merchant.id) as unit:
        return await unit.rewards.of_program(shop.program.id, shop.program.version.id)


async def kept(shop: Shopfront) -> list[Reward]:
    """Return what stands in the catalogue."""
    return [reward for reward in await rewards(shop) if reward.program_version_id is None]


async def test_a_reward_is_added_and_listed(
    browser: Browser, shop: Shopfront, listed: str
) -> None:
    """Beside what the program promises, with its price and how many are left."""
    assert "Nothing here yet." in await browser.read(listed)
    await add(
        browser,
        listed,
        category="mugs",
        valid_until="2030-12-31T23:00",
        **{"localised/fr/name": "Tasse", "localised/fr/terms": "Une\nseule"},
    )
    text = await browser.read(listed)
    assert "3 stamps · mugs · 5 left" in text
    assert "until 31 Dec 2030 23:00" in text
    assert "What the program promises" in text
    (mug,) = await kept(shop)
    assert mug.words("fr").terms == "Une seule"
    assert mug.design.valid_until is not None
    assert mug.design.valid_until.hour == 22


async def test_a_reward_reads_in_its_form_as_it_was_written(
    browser: Browser, shop: Shopfront, listed: str
) -> None:
    """Saved unchanged, it stays what it is."""
    page = await add(
        browser, listed, valid_from="2030-01-31T08:00", **{"localised/de/name": "Tasse"}
    )
    form = await browser.read(page)
    sent = dict(re.findall(r'<input id="([^"]+)"[^>]*? value="([^"]*)"', form))
    (before,) = await kept(shop)
    await browser.send(
        page,
        {name: unescape(value) for name, value in sent.items() if name != "add"}
        | {"unit": "stamp", "active": "on", "revision": "1"},
    )
    (after,) = await kept(shop)
    assert (after.design, after.revision) == (before.design, 2)


async def test_a_reward_is_changed_by_who_saw_it_last(
    browser: Browser, shop: Shopfront, listed: str
) -> None:
    """The second of two with the same page open is told."""
    page = await add(browser, listed)
    changed = {name: text for name, text in MUG.items() if name not in {"stock", "active"}}
    first = await browser.send(page, changed | {"name": "Cup", "revision": "1"})
    assert (first.status, first.headers["Location"]) == (303, listed)
    late = await browser.send(page, changed | {"name": "Jug", "revision": "1"})
    assert late.status == 412
    (cup,) = await kept(shop)
    assert (cup.name, cup.stock, cup.design.active) == ("Cup", 5, False)
    assert "not on offer" in await browser.read(listed)


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"name": ""}, "name", "Please write something here."),
        ({"cost": "many"}, "cost", "This must be a whole number."),
        ({"cost": ""}, "cost", "A reward costs 1 to 1,000,000,000."),
        ({"unit": "point"}, "unit", "The cards of this program collect: stamp."),
        ({"stock": "many"}, "stock", "This must be a whole number."),
        ({"stock": "-1"}, "stock", "There are only 0 left."),
        ({"image": "http://shop.example/mug.png"}, "image", "begins with https://."),
        ({"valid_from": "soon"}, "valid_from", "This must be a moment"),
        ({"localised/fr/terms": "Une"}, "localised/fr/name", "Please write something here."),
        ({"reservation_minutes": "0"}, "reservation_minutes", "1 to 10,080 minutes."),
    ],
)
async def test_a_mistake_is_marked_where_it_was_made(
    browser: Browser,
    shop: Shopfront,
    listed: str,
    fields: dict[str, str],
    name: str,
    sentence: str,
) -> None:
    """With everything that was typed still there."""
    response = await browser.send(f"{listed}/new", MUG | fields | {"category": "mugs"})
    text = unescape(await response.text())
    assert response.status == 400
    found = re.search(rf'<p id="{name}-hint" class="mistake">([^<]*)</p>', text)
    assert found is not None, text
    assert sentence in found[1]
    assert 'value="mugs"' in text
    assert await kept(shop) == []


async def test_stock_is_added_taken_away_and_no_longer_counted(
    browser: Browser, shop: Shopfront, listed: str
) -> None:
    """Each by what was seen; below nothing is a mistake."""
    page = await add(browser, listed)
    for revision, fields, left in (
        ("1", {"add": "-5"}, 0),
        ("2", {"add": "7"}, 7),
        ("3", {"do": "without_end"}, None),
    ):
        done = await browser.send(page, fields | {"revision": revision}, to=f"{page}/stock")
        assert (done.status, done.headers["Location"]) == (303, page)
        assert [reward.stock for reward in await kept(shop)] == [left]
        assert ("sold out" in await browser.read(listed)) == (left == 0)
    for typed, sentence in (
        ("-1", "There are only 0 left."),
        ("", "This must be a whole number."),
    ):
        refused = await browser.send(page, {"add": typed, "revision": "4"}, to=f"{page}/stock")
        assert refused.status == 400
        assert sentence in await refused.text()


async def test_an_archived_reward_is_gone(browser: Browser, shop: Shopfront, listed: str) -> None:
    """From the list and from its own address."""
    page = await add(browser, listed)
    archived = await browser.send(page, {"revision": "1"}, to=f"{page}/archive")
    assert (archived.status, archived.headers["Location"]) == (303, listed)
    await browser.read(page, 404)
    assert await kept(shop) == []


async def test_what_the_program_promises_has_no_form(browser: Browser, shop: Shopfront) -> None:
    """It is changed with the program."""
    (coffee,) = await rewards(shop)
    assert "changes with it alone" in await browser.read(f"/merchant/rewards/{coffee.id}", 422)
