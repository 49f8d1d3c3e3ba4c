"""The pages of variants: a trial begun in plain words, looked at, and ended with what is kept."""

import re
from uuid import UUID

import pytest

from gateway.domain.experiments import Variant
from gateway.domain.programs import Program
from gateway.resources import new_id
from gateway.services.merchants.designing import Author
from gateway.services.merchants.experimenting import Comparison, create_experiment
from gateway.storage.cards.experiments import Trial
from tests.plans import stamp_plan
from tests.shopfront import ORIGIN, Browser, Shopfront
from tests.shops import Shop, add_cards

STAMPS = "/rules/0/stamps_required"
TRIAL = {
    "name": "Sooner?",
    "rival": "changed",
    "/rules/0/reward/description": "Free coffee",
    STAMPS: "8",
    "/limits/cooldown_minutes": "0",
    "/limits/daily_limit": "50",
    "share_a": "50",
    "share_b": "40",
    "hold_out": "10",
}


async def test_a_trial_begins_with_a_changed_setting_and_b_is_kept(
    browser: Browser, shop: Shopfront
) -> None:
    """A goes on as it was, the arms stand side by side, and in the end everybody has B."""
    page = _page(shop)
    assert page in await browser.read(page.removesuffix("/variants"))
    begun = await browser.send(page, await _form(browser, shop))
    assert (begun.status, begun.headers["Location"]) == (303, page)
    await browser.join("anna@mail.example")
    text = await browser.read(page)
    assert re.findall(r'<th scope="col">([^<]+)', text) == ["A", "B", "Left out"]
    rows = _rows(text)
    assert rows["Stamps"] == ["10", "8", "10"]
    assert rows["Share"] == ["50 %", "40 %", "10 %"]
    assert sum(int(each) for each in rows["Customers"]) == 1
    assert "Another trial can begin when this one has ended." in text
    assert "A trial compares two ways" in await browser.read(page.removesuffix("/variants"))

    ending = f"{await _own(shop)}/end"
    asked = await browser.read(f"{ending}?keep=b")
    assert "Stamps 8 instead of 10" in asked
    ended = await browser.send(f"{ending}?keep=b", _hidden(asked) | {"keep": "b"}, ending)
    assert ended.status == 303
    looked_back = await browser.read(ended.headers["Location"])
    assert "It ran from" in looked_back
    assert _rows(looked_back)["Stamps"] == ["10", "8", "10"]
    assert (await _program(shop)).version.plan == stamp_plan(8, "Free coffee", daily_limit=50)
    listed = await browser.read(page)
    assert ended.headers["Location"] in listed
    assert re.findall(r"Version (\d+) of", listed) == ["3"]
    assert "Stamps 10 instead of 8" in listed


async def test_an_earlier_version_or_a_draft_can_be_tried(
    browser: Browser, shop: Shopfront
) -> None:
    """A draft gives what it promises and not its name; keeping A publishes nothing."""
    page, program = _page(shop), f"/merchant/programs/{shop.program.id}"
    copied = await browser.send(program, {}, f"{program}/copy")
    draft = copied.headers["Location"]
    plan = await _changed_plan(browser, draft, '"stamps_required": 10', '"stamps_required": 7')
    assert (await browser.send(draft, plan)).status == 303
    form = await _form(browser, shop)
    begun = await browser.send(page, form | {"rival": f"draft:{draft.rpartition('/')[2]}"})
    assert begun.status == 303
    rows = _rows(await browser.read(page))
    assert (rows["Stamps"], rows.get("Name")) == (["10", "7", "10"], None)

    ending = f"{await _own(shop)}/end"
    asked = await browser.read(f"{ending}?keep=a")
    assert "promises again what" in asked
    number = (await _program(shop)).version.number
    await browser.send(f"{ending}?keep=a", _hidden(asked) | {"keep": "a"}, ending)
    assert (await _program(shop)).version.number == number
    form = await _form(browser, shop) | {"rival": "version:2"}
    assert (await browser.send(page, form)).status == 303
    assert _rows(await browser.read(page))["Stamps"] == ["10", "7", "10"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Please write something here."),
        ({"rival": "version:7"}, "Please choose what B gets."),
        ({"rival": f"draft:{UUID(int=1)}"}, "Please choose what B gets."),
        ({STAMPS: "10"}, "Both would promise the same. Please change something."),
        ({STAMPS: "99"}, "Stamps required must be between 2 and 50"),
        ({"share_b": "many"}, "Please give a share from 0 to 100."),
        ({"hold_out": "101"}, "Please give a share from 0 to 100."),
        ({"share_b": "30.5 %"}, "The three shares come to 90.5 %, not to 100 %."),
        ({"share_b": "0", "hold_out": "50"}, "A variant needs a share above 0."),
    ],
)
async def test_what_is_wrong_stands_beside_what_was_typed(
    browser: Browser, shop: Shopfront, typed: dict[str, str], sentence: str
) -> None:
    """Nothing has begun, and nothing has to be typed again."""
    form = await _form(browser, shop) | {"name": "Sooner?"} | typed
    answer = await browser.send(_page(shop), form)
    text = await answer.text()
    assert answer.status == 400
    assert sentence in text
    assert 'aria-invalid="true"' in text or "three shares" in sentence
    assert f'name="name" type="text" value="{form["name"]}"' in text
    assert f'name="{STAMPS}" type="text" value="{form[STAMPS]}"' in text
    assert f'name="share_b" type="text" value="{form["share_b"]}"' in text
    assert await _trials(shop) == []


async def test_a_form_that_was_loaded_before_a_change_is_refused(
    browser: Browser, shop: Shopfront
) -> None:
    """As the program's own form is: to begin a trial, to end it, and to start a written one."""
    page = _page(shop)
    form = await _form(browser, shop)
    late = await browser.send(page, form | {"revision": "1"})
    assert (late.status, await _trials(shop)) == (412, [])
    assert "Somebody else changed this meanwhile." in await late.text()

    written = await _written(shop)
    start = f"{await _own(shop)}/start"
    assert (await browser.send(page, {"revision": "7"}, start)).status == 412
    assert (await browser.send(page, {"revision": str(written.revision)}, start)).status == 303
    ending = f"{await _own(shop)}/end"
    stale = {"keep": "b", "revision": "1", "program_revision": "2"}
    assert (await browser.send(page, stale, ending)).status == 412


async def test_a_second_trial_is_refused_in_a_sentence(browser: Browser, shop: Shopfront) -> None:
    """On the page, with the form as it was typed, when one began while it was open."""
    page = _page(shop)
    form = await _form(browser, shop) | {"rival": "version:3"}
    await browser.send(page, await _form(browser, shop))
    form |= {"revision": str((await _program(shop)).revision), "rival": "changed"}
    answer = await browser.send(page, form | {"name": "Again?"})
    text = await answer.text()
    assert answer.status == 409
    assert "Another experiment runs on this program. Please stop it first." in text
    assert 'value="Again?"' in text

    written = await _written(shop, key="other")
    own = f"{page}/{written.experiment.id}"
    await browser.read(f"{own}/end?keep=one", 303)
    early = {"keep": "one", "revision": "1", "program_revision": form["revision"]}
    unbegun = await browser.send(own, early, f"{own}/end")
    assert unbegun.status == 422
    assert "This experiment is draft." in await unbegun.text()
    assert "has not begun" in await browser.read(own)
    assert own in await browser.read(page)
    refused = await browser.send(own, {"revision": "1"}, f"{own}/start")
    assert refused.status == 409
    assert "Please stop it first." in await refused.text()


async def test_a_program_that_ended_begins_none_and_keeps_what_it_promises(
    browser: Browser, shop: Shopfront
) -> None:
    """A trial that was running can still be ended, with a sentence when that cannot be."""
    page, program = _page(shop), f"/merchant/programs/{shop.program.id}"
    await browser.send(page, await _form(browser, shop))
    fields = {"do": "end", "revision": str((await _program(shop)).revision)}
    await browser.send(f"{program}/confirm?do=end", fields, f"{program}/status")
    ending = f"{await _own(shop)}/end"
    asked = await browser.read(f"{ending}?keep=b")
    refused = await browser.send(f"{ending}?keep=b", _hidden(asked) | {"keep": "b"}, ending)
    assert refused.status == 422
    assert "A program that ended cannot be changed." in await refused.text()
    assert (await browser.send(page, _hidden(asked) | {"keep": "a"}, ending)).status == 303
    assert "nothing can be tried any more" in await browser.read(page)
    form = TRIAL | {"revision": str((await _program(shop)).revision)}
    assert (await browser.send(page, form)).status == 422


async def test_neither_is_kept_when_the_program_changed_meanwhile(
    browser: Browser, shop: Shopfront
) -> None:
    """Then it is offered; a variant nobody compared is not there."""
    page = _page(shop)
    await browser.send(page, await _form(browser, shop))
    assert "Keep neither" not in await browser.read(page)
    program = page.removesuffix("/variants")
    plan = await _changed_plan(browser, program, '"stamps_required": 10', '"stamps_required": 12')
    assert (await browser.send(program, plan)).status == 303
    assert "Keep neither" in await browser.read(page)
    own = await _own(shop)
    await browser.read(f"{own}/end?keep=z", 404)
    asked = await browser.read(f"{own}/end")
    assert (await browser.send(f"{own}/end", _hidden(asked) | {"keep": ""})).status == 303
    assert (await _program(shop)).version.plan.rules[0] == stamp_plan(12, "Free coffee").rules[0]
    await browser.read(f"{page}/{shop.program.id}", 404)


async def test_shares_that_went_wrong_are_told_in_plain_words(
    browser: Browser, shop: Shopfront
) -> None:
    """Whoever owns a café understands that the numbers mean nothing."""
    await browser.send(_page(shop), await _form(browser, shop))
    assert "Do not decide" not in await browser.read(_page(shop))
    counter = Shop(shop.resources.database, shop.owner, shop.location, shop.program, (), ())
    await add_cards(counter, 30)
    key = (await _trials(shop))[0].experiment.key
    await counter.execute("UPDATE cards SET variant = :name", name=f"{key}:b")
    text = await browser.read(_page(shop))
    assert "Do not decide by these numbers" in text
    assert "30 got B instead of about 12" in text


def _page(shop: Shopfront) -> str:
    return f"/merchant/programs/{shop.program.id}/variants"


async def _form(browser: Browser, shop: Shopfront) -> dict[str, str]:
    """Return what a browser would send of the form, with eight stamps for B."""
    return TRIAL | _hidden(await browser.read(_page(shop)))


async def _changed_plan(browser: Browser, page: str, old: str, new: str) -> dict[str, str]:
    """Return the form of a program with its plan's text changed."""
    text = await browser.read(page)
    found = re.search(r'<textarea[^>]*name="plan"[^>]*>([^<]*)</textarea>', text)
    assert found is not None
    plan = found[1].replace("&#34;", '"')
    assert old in plan
    colours = {"background": "#1f4d3a", "foreground": "#ffffff", "label": "#cfe5d8"}
    return colours | _hidden(text) | {"name": "Coffee card", "plan": plan.replace(old, new)}


def _hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="((?:program_)?revision)" value="(\d+)"', html))


def _rows(html: str) -> dict[str, list[str]]:
    """Return the rows of the table that compares, without what stands in small."""
    return {
        label: re.findall(r"<td>([^<]*)", cells)
        for label, cells in re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', html)
    }


async def _program(shop: Shopfront) -> Program:
    async with shop.resources.units(shop.merchant.id) as unit:
        return await unit.programs.one(shop.program.id)


async def _trials(shop: Shopfront) -> list[Trial]:
    async with shop.resources.units(shop.merchant.id) as unit:
        return await unit.experiments.of_program(shop.program.id)


async def _own(shop: Shopfront) -> str:
    """Return the address of the newest trial."""
    return f"{_page(shop)}/{(await _trials(shop))[0].experiment.id}"


async def _written(shop: Shopfront, key: str = "over_the_api") -> Trial:
    """Write a trial down as the API does, without starting it."""
    comparison = Comparison(
        key=key,
        name="Written",
        variants=(Variant(key="one", weight=5_000), Variant(key="two", weight=5_000)),
        versions={"one": 1, "two": 1},
    )
    author = Author(principal=shop.owner, origin=ORIGIN, new_id=new_id)
    async with shop.resources.units(shop.merchant.id) as unit:
        return await create_experiment(unit, shop.program.id, comparison, author)
