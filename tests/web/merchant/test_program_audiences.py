"""A saved segment chosen in a program's form: its conditions are copied into the plan."""

import html
import json
import re
from uuid import UUID

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.programs import Program
from gateway.domain.segments import Segment
from gateway.resources import new_id
from gateway.services.merchants.designing import Author
from gateway.services.merchants.segmenting import delete_segment, save_segment
from gateway.storage.cards.segments import SavedSegment
from tests.shopfront import ORIGIN, Browser, Shopfront

COLOURS = {"background": "#1f4d3a", "foreground": "#ffffff", "label": "#cfe5d8"}
REGULARS = read(Segment, {"conditions": [{"field": "visits", "comparison": "ge", "value": 5}]})
GOLDEN = read(Segment, {"conditions": [{"field": "tier", "comparison": "eq", "value": "gold"}]})


async def test_a_chosen_segment_is_copied_into_the_plan(browser: Browser, shop: Shopfront) -> None:
    """The page says what it copied; the segment may change or go, the program stays."""
    page = _page(shop)
    assert 'name="audience"' not in await browser.read(page)
    saved = await _saved(shop, "Regulars", REGULARS)
    form = await _form(browser, page) | {"audience": str(saved.id)}
    assert "Now: everybody." in await browser.read(page)

    shown = await (await browser.send(page, form | {"do": "preview"})).text()
    assert "Now: visits at least 5." in shown
    assert "As now: “Regulars”" in shown
    assert f'value="{saved.id}" selected' not in shown
    assert _plan(shown)["audience"] == written(REGULARS)
    assert (await _program(shop)).version.plan.audience is None

    assert (await browser.send(page, form)).status == 303
    assert (await _program(shop)).version.plan.audience == REGULARS
    text = await browser.read(page)
    assert "As now: “Regulars”" in text
    assert "are copied into this program" in text
    async with shop.resources.units(shop.merchant.id) as unit:
        await delete_segment(unit, saved.id, _author(shop), revision=saved.revision)
    assert (await _program(shop)).version.plan.audience == REGULARS
    assert "As now: some customers" in await browser.read(page)


async def test_nothing_chosen_leaves_the_audience_and_everybody_takes_it_away(
    browser: Browser, shop: Shopfront
) -> None:
    """Whatever else is changed in the form."""
    saved = await _saved(shop, "Regulars", REGULARS)
    page = _page(shop)
    await browser.send(page, await _form(browser, page) | {"audience": str(saved.id)})
    form = await _form(browser, page) | {"name": "Renamed", "audience": ""}
    assert (await browser.send(page, form)).status == 303
    assert (await _program(shop)).version.plan.audience == REGULARS
    await browser.send(page, await _form(browser, page) | {"audience": "everybody"})
    assert (await _program(shop)).version.plan.audience is None


async def test_a_new_program_can_be_for_a_segment_from_its_start(
    browser: Browser, shop: Shopfront
) -> None:
    """Chosen before it is kept the first time."""
    saved = await _saved(shop, "Regulars", REGULARS)
    page = "/merchant/programs/new?template=bakery"
    form = await _form(browser, page) | {"name": "Bread", "audience": str(saved.id)}
    made = await browser.send(page, form, "/merchant/programs/new")
    assert made.status == 303, await made.text()
    async with shop.resources.units(shop.merchant.id) as unit:
        program = await unit.programs.one(UUID(made.headers["Location"].rpartition("/")[2]))
    assert program.version.plan.audience == REGULARS


async def test_a_segment_that_does_not_fit_is_told_beside_the_choice(
    browser: Browser, shop: Shopfront
) -> None:
    """Of tiers where there are none, or deleted meanwhile: the choice and the text stay."""
    golden = await _saved(shop, "Golden", GOLDEN)
    page = _page(shop)
    form = await _form(browser, page)
    refused = await browser.send(page, form | {"audience": str(golden.id)})
    text = await refused.text()
    assert refused.status == 400
    assert '<p class="mistake">This program has no tiers.</p>' in text
    assert f'value="{golden.id}" selected' in text
    assert _plan(text) == _plan_of(form)
    gone = await browser.send(page, form | {"audience": str(UUID(int=1))})
    assert gone.status == 400
    assert "This segment does not exist." in await gone.text()
    broken = await browser.send(page, form | {"audience": str(golden.id), "plan": "{"})
    assert "Look at line 1." in await broken.text()


async def test_an_audience_nobody_can_read_is_left_to_the_text(
    browser: Browser, shop: Shopfront
) -> None:
    """It is told there what is wrong with it."""
    page = _page(shop)
    form = await _form(browser, page)
    plan = form["plan"].replace("{", '{"audience": {"conditions": []}, ', 1)
    plan = plan.replace('"audience": null,', "", 1)
    text = await (await browser.send(page, form | {"plan": plan})).text()
    assert "Now: the conditions in the plan below." in text
    assert "<code>/audience/conditions</code>" in text


def _page(shop: Shopfront) -> str:
    return f"/merchant/programs/{shop.program.id}"


def _author(shop: Shopfront) -> Author:
    return Author(principal=shop.owner, origin=ORIGIN, new_id=new_id)


async def _saved(shop: Shopfront, name: str, segment: Segment) -> SavedSegment:
    async with shop.resources.units(shop.merchant.id) as unit:
        return await save_segment(unit, name, segment, _author(shop))


async def _program(shop: Shopfront) -> Program:
    async with shop.resources.units(shop.merchant.id) as unit:
        return await unit.programs.one(shop.program.id)


async def _form(browser: Browser, page: str) -> dict[str, str]:
    """Return what the form sends, with its plan as text alone."""
    text = await browser.read(page)
    revision = re.search(r'name="revision" value="(\d+)"', text)
    fields = COLOURS | {"name": "Coffee card", "plan": _plan_text(text)}
    return fields | ({"revision": revision[1]} if revision else {})


def _plan_text(text: str) -> str:
    found = re.search(r'<textarea[^>]*name="plan"[^>]*>([^<]*)</textarea>', text)
    assert found is not None
    return html.unescape(found[1])


def _plan(text: str) -> dict[str, object]:
    return _plan_of({"plan": _plan_text(text)})


def _plan_of(fields: dict[str, str]) -> dict[str, object]:
    plan: dict[str, object] = json.loads(fields["plan"])
    return plan
