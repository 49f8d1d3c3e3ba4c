"""The pages of programs: begun from a template, found, steered, compared, and their mistakes."""

import json
import re
from uuid import UUID

import pytest

from gateway.domain.templates.catalogue import templates
from gateway.web.merchant.beginnings import RULE_TYPES
from tests.shopfront import Browser, Shopfront

NEW, ALL = "/merchant/programs/new", "/merchant/programs"
COLOURS = {"background": "#4a2c20", "foreground": "#fff6ea", "label": "#e8cdb6"}


async def test_a_template_becomes_a_program_in_two_clicks(browser: Browser) -> None:
    """Whatever it is of: its form can be sent as it is shown, and the program runs."""
    choice = await browser.read(NEW)
    for template in templates():
        page = f"{NEW}?template={template.key}"
        assert page in choice
        response = await browser.send(
            page, filled(await browser.read(page)) | {"do": "start"}, NEW
        )
        assert response.status == 303, template.key
        assert "Customers can enroll" in await browser.read(response.headers["Location"])


@pytest.mark.parametrize("kind", RULE_TYPES)
async def test_a_rule_of_each_kind_needs_a_name_and_a_reward_only(
    browser: Browser, kind: str
) -> None:
    """The rest is there already, and the preview shows a card before anything is written."""
    page = f"{NEW}?type={kind}"
    fields = filled(await browser.read(page))
    empty = {name: "Cake" for name, value in fields.items() if not value and "reward" in name}
    response = await browser.send(page, fields | empty | {"name": "Ours"}, NEW)
    assert response.status == 303
    assert "Not visible to customers" in await browser.read(response.headers["Location"])


async def test_a_programs_page_shows_its_figures_and_how_they_are_counted(
    browser: Browser, shop: Shopfront
) -> None:
    """Of a program that exists; one that is being made has none."""
    page = await browser.read(f"{ALL}/{shop.program.id}")

    for label in ("Members", "Active", "Rewards"):
        assert f"<dt>{label}</dt><dd>0</dd>" in page
    assert "How these are counted" in page
    assert "on one of the last 30 business days" in page
    assert "How these are counted" not in await browser.read(f"{NEW}?type=stamp_card")


async def test_what_nobody_offered_does_not_exist(browser: Browser, shop: Shopfront) -> None:
    """Neither templates, kinds, filters nor commands."""
    await browser.read(f"{NEW}?template=nothing", 404)
    await browser.read(f"{NEW}?type=lottery", 404)
    await browser.read(f"{ALL}?status=gone", 400)
    page = f"{ALL}/{shop.program.id}"
    await browser.read(f"{page}/confirm?do=pause", 404)
    await browser.read(f"{page}/history?after=7", 404)
    assert (await browser.send(page, {"do": "fly"}, f"{page}/status")).status == 404


async def test_what_is_wrong_in_the_text_is_shown_with_its_pointer(browser: Browser) -> None:
    """What has a field shows it there, the rest stands beside the text that was typed."""
    rule = {"type": "stamp_card", "stamps_required": 1, "reward": {"type": "gift"}}
    plan = json.dumps({"rules": [rule], "pending_days": 900})
    typed = COLOURS | {"name": "Card", "plan": plan, "/rules/0/stamps_required": "99"}
    response = await browser.send(NEW, typed)
    text = await response.text()
    assert response.status == 400
    assert "Stamps required must be between 2 and 50" in text
    assert "<code>/pending_days</code> Points are held back 0 to 365 days." in text
    assert "<code>/rules/0/reward/type</code>" in text
    assert "<code>/rules/0/stamps_required</code>" not in text
    broken = await browser.send(NEW, typed | {"plan": '{"rules": ['})
    assert "Look at line 1." in await broken.text()


async def test_programs_are_found_and_steered_together(browser: Browser, shop: Shopfront) -> None:
    """By name, status, kind and place; each chosen one says what became of it."""
    page = f"{ALL}/{shop.program.id}"
    copied = await browser.send(page, {}, f"{page}/copy")
    copy = copied.headers["Location"]
    name = shop.program.version.name
    assert f"{name} (copy)" in await browser.read(f"{ALL}?q=copy&status=&type=&location=")
    drafts = await browser.read(f"{ALL}?status=draft&type=stamp_card&location={shop.location.id}")
    assert copy in drafts
    assert page not in drafts
    assert "No such program" in await browser.read(f"{ALL}?type=tier_based")

    chosen = {f"program-{shop.program.id}": "2", f"program-{copy.rpartition('/')[2]}": "1"}
    done = await browser.send(ALL, chosen | {"do": "pause"}, f"{ALL}/bulk")
    words = await done.text()
    assert f"{name}: paused" in words
    assert "A program that is draft cannot pause." in words
    assert (await browser.send(ALL, {"do": "pause"}, f"{ALL}/bulk")).status == 400


async def test_what_cannot_be_taken_back_is_asked_twice(browser: Browser, shop: Shopfront) -> None:
    """Ending says what remains; a program that ended can be deleted, and then is gone."""
    page = f"{ALL}/{shop.program.id}"
    asked = await browser.read(f"{page}/confirm?do=end")
    assert "redeemed for 90 more days" in asked
    await browser.send(f"{page}/confirm?do=end", hidden(asked) | {"do": "end"}, f"{page}/status")
    assert "Archived, customers notified" in await browser.read(page)
    asked = await browser.read(f"{page}/confirm?do=delete")
    gone = await browser.send(page, hidden(asked) | {"do": "delete"}, f"{page}/status")
    assert gone.headers["Location"] == ALL
    assert "For 90 days you can bring it back." in asked
    assert 'id="designer"' not in await browser.read(page)


async def test_what_was_deleted_is_brought_back_with_a_button(
    browser: Browser, shop: Shopfront
) -> None:
    """From its own page or the list of those that can be; afterwards it is on neither."""
    page, bin_page = f"{ALL}/{shop.program.id}", "/merchant/deleted-programs"
    assert bin_page in await browser.read(ALL)
    assert "There is none" in await browser.read(bin_page)
    for command in ("end", "delete"):
        asked = await browser.read(f"{page}/confirm?do={command}")
        await browser.send(page, hidden(asked) | {"do": command}, f"{page}/status")
    for offered in (await browser.read(page), await browser.read(bin_page)):
        assert f'action="{page}/status"' in offered
        assert "Bring back" in offered
    back = await browser.send(page, hidden(offered) | {"do": "restore"}, f"{page}/status")
    assert back.headers["Location"] == page
    assert "Archived, customers notified" in await browser.read(page)
    assert "There is none" in await browser.read(bin_page)


async def test_a_copy_of_a_program_that_runs_says_so(browser: Browser, shop: Shopfront) -> None:
    """On its page, where nothing is forbidden for it; the one that runs alone says nothing."""
    page = f"{ALL}/{shop.program.id}"
    copied = await browser.send(page, {}, f"{page}/copy")
    words = "Customers may not know which card to show."
    assert words in await browser.read(copied.headers["Location"])
    assert words not in await browser.read(page)


async def test_the_history_shows_what_changed_and_by_whom(
    browser: Browser, shop: Shopfront
) -> None:
    """Value by value, between any two versions."""
    page = f"{ALL}/{shop.program.id}"
    fields = filled(await browser.read(page)) | {"/rules/0/stamps_required": "7"}
    assert (await browser.send(page, fields)).status == 303
    history = await browser.read(f"{page}/history")
    assert "<code>/plan/rules/stamps/stamps_required</code>" in history
    assert "<td>7</td>" in history
    assert "Nothing differs" in await browser.read(f"{page}/history?before=1&after=1")


async def test_a_schedule_is_typed_by_the_shops_clock(browser: Browser, shop: Shopfront) -> None:
    """Shown again as it was typed; what is no moment is told."""
    page = f"{NEW}?template=bakery"
    fields = filled(await browser.read(page))
    typed = fields | {"starts_at": "2200-06-01T08:00", "ends_at": "2200-07-01T08:00"}
    made = await browser.send(page, typed | {"do": "start"}, NEW)
    shown = await browser.read(made.headers["Location"])
    assert 'value="2200-06-01T08:00"' in shown
    assert "Starts by itself" in shown
    async with shop.resources.units(shop.merchant.id) as unit:
        program = await unit.programs.one(UUID(made.headers["Location"].rpartition("/")[2]))
    assert program.starts_at is not None
    assert program.starts_at.hour == 6
    wrong = await browser.send(page, fields | {"starts_at": "soon"}, NEW)
    assert "Please give a day and a time." in await wrong.text()
    backwards = await browser.send(page, typed | {"ends_at": "2200-01-01T08:00"}, NEW)
    assert "End date must be after start date" in await backwards.text()


def filled(html: str) -> dict[str, str]:
    """Return what the form of a program holds, as a browser would send it."""
    form = html[html.index('id="designer"') :]
    fields = {
        found["name"]: unescaped(found["value"])
        for found in re.finditer(
            r'<input [^>]*name="(?P<name>[^"]+)" type="[^"]+" value="(?P<value>[^"]*)"', form
        )
    }
    fields |= {
        found["name"]: unescaped(found["value"])
        for found in re.finditer(
            r'<textarea [^>]*name="(?P<name>[^"]+)"[^>]*>(?P<value>[^<]*)</textarea>', form
        )
    }
    return fields | hidden(form)


def hidden(html: str) -> dict[str, str]:
    """Return the revision that a form was made from."""
    found = re.search(r'name="revision" value="(\d+)"', html)
    return {"revision": found[1]} if found else {}


def unescaped(text: str) -> str:
    """Return text as the page's author wrote it."""
    for entity, character in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text
