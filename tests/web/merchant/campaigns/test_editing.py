"""The page on which a campaign is written: kept, refused beside the field, and never run."""

import pytest

from gateway.domain.campaigns import CampaignStatus
from gateway.domain.messages import Channel
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from gateway.resources import new_id
from gateway.storage.cards.segments import SavedSegment
from gateway.web.merchant.campaigns.routes import FORM_BYTES_MAX
from tests.shopfront import Browser, Shopfront, open_shop
from tests.web.merchant.campaigns.desk import LIST, NEW, TYPED, drafted, welcome, written

NASTY = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(2)</script>"


async def test_a_draft_is_kept_as_it_was_typed(shop: Shopfront, browser: Browser) -> None:
    """With the line ends of messages, its audience in numbers, and nothing sent."""
    address = await written(browser, stamps_min="2", visited_days_min="30", language="fr")

    async with shop.resources.units(shop.merchant.id) as unit:
        (campaign,) = await unit.campaigns.page(1)
    plan = campaign.plan
    assert address == f"{LIST}/{campaign.id}"
    assert campaign.status is CampaignStatus.DRAFT
    assert plan.channels == (Channel.MAIL, Channel.APPLE)
    assert plan.contents["en"].body == "Hello,\n\ncome and try our cake."
    assert list(plan.contents) == ["en"]
    audience = (plan.audience.stamps_min, plan.audience.visited_days_min, plan.audience.language)
    assert audience == (2, 30, "fr")
    page = await browser.read(address)
    assert (
        'name="stamps_min" type="number" inputmode="numeric" min="0" max="10000" value="2"' in page
    )


async def test_a_segment_and_a_tier_are_chosen_without_any_script(
    shop: Shopfront, browser: Browser
) -> None:
    """Both are shown again, also in words before it is sent; what is gone is not everybody."""
    visits = Condition(field=SegmentField.VISITS, comparison=Comparison.AT_LEAST, value=3)
    saved = SavedSegment(
        id=new_id(), name="Regulars", segment=Segment(conditions=(visits,)), revision=1
    )
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.segments.add(saved, unit.now)
    chosen = {"segment_id": str(saved.id), "tier": "gold"}
    address = await written(browser, **chosen)

    page, sending = await browser.read(address), await browser.read(f"{address}/send")
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.segments.delete(saved.id, unit.now, revision=1)
    gone = await browser.read(address)
    refused = await browser.send(address, TYPED | chosen | {"do": "save", "revision": "1"})

    assert f'<option value="{saved.id}" selected>Regulars</option>' in page
    assert '<option value="gold" selected>gold</option>' in page
    assert "who belong to “Regulars”" in sending
    assert "of the tier “gold”" in sending
    assert f'<option value="{saved.id}" selected>A segment that is gone</option>' in gone
    assert refused.status == 404
    assert "This segment does not exist." in await refused.text()


async def test_what_somebody_changed_meanwhile_is_not_overwritten(browser: Browser) -> None:
    """The second of two tabs learns that it is late."""
    address = await written(browser)
    changed = TYPED | {"do": "save", "revision": "1"}

    first = await browser.send(address, changed | {"name": "Pie"})
    second = await browser.send(address, changed | {"name": "Tart"})

    assert (first.status, second.status) == (303, 412)
    assert "<h1>Pie</h1>" in await browser.read(address)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Please give the campaign a name."),
        ({"mail": "", "apple": ""}, "Please choose at least one way to send it."),
        ({"en.wallet": ""}, "Please write the text for apple in en."),
        ({"stamps_min": "5", "stamps_max": "4"}, "Please choose from 5 to 10000."),
        ({"stamps_min": "٣"}, "Please choose from 0 to 10000."),
        ({"program_id": "x"}, "This program does not exist."),
        ({"do": "review", "when": "later", "at": "soon"}, "Please choose a day and a time."),
        ({"do": "review", "when": "later", "at": ""}, "Please choose a day and a time."),
        ({"fr.wallet": "{{ name }}"}, "fr.wallet-mistake"),
    ],
)
async def test_a_mistake_stands_beside_its_field(
    shop: Shopfront, browser: Browser, change: dict[str, str], sentence: str
) -> None:
    """What was typed is still there, and nothing is kept."""
    response = await browser.send(NEW, TYPED | {"do": "save"} | change)
    text = await response.text()

    assert response.status == 400
    assert sentence in text
    assert "come and try our cake." in text
    async with shop.resources.units(shop.merchant.id) as unit:
        assert await unit.campaigns.page(1) == []


async def test_typed_markup_is_only_text(browser: Browser) -> None:
    """In the name, in every text, in the preview, and in the mail's frame."""
    typed = TYPED | {"name": NASTY, "en.body": NASTY, "en.wallet": NASTY, "en.subject": NASTY}
    address = await written(browser, **typed)

    for page in (address, f"{address}/send", f"{address}/cancel", LIST):
        assert "<img" not in await browser.read(page), page
    mail = await browser.read(f"{address}/mail?language=en")
    shown = await browser.send(NEW, typed, f"{LIST}/preview")
    assert "<script" not in mail
    assert "<img src=x" not in mail
    assert "<img" not in await shown.text()


async def test_the_mail_stands_in_a_frame_where_nothing_runs(browser: Browser) -> None:
    """As kept and as typed; what cannot be sent yet says why."""
    address = await written(browser)
    typed = TYPED | {"en.body": "A pie as well.", "show": "en"}

    for response, words in (
        (await browser.client.get(f"{address}/mail?language=en"), "try our cake"),
        (await browser.send(NEW, typed, f"{LIST}/mail"), "A pie as well."),
        (await browser.client.get(f"{address}/mail?language=fr"), "Please write something here."),
    ):
        policy = response.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert words in await response.text()
    assert (await browser.send(NEW, TYPED | {"show": "xx"}, f"{LIST}/mail")).status == 404


async def test_an_estimate_needs_no_words(shop: Shopfront, browser: Browser) -> None:
    """Only whom and how; a number that is none is refused with a sentence."""
    await welcome(shop)

    counted = await browser.send(NEW, {"mail": "on"}, f"{LIST}/estimate")
    whole = await browser.send(NEW, TYPED | {"do": "estimate", "name": ""})
    refused = await browser.send(NEW, {"mail": "on", "stamps_min": "x"}, f"{LIST}/estimate")

    for response in (counted, whole):
        text = " ".join((await response.text()).split())
        assert '<b class="big-number">5</b> holders fit' in text
        assert "<b>Mail</b> reaches <b>3</b>" in text
        assert "2 did not agree to offers this way" in text
    assert (refused.status, counted.status, whole.status) == (400, 200, 200)


async def test_a_form_beyond_all_words_is_not_read(browser: Browser) -> None:
    """It is refused by its size; the longest words in four languages are not."""
    codes = ("en", "fr", "de", "lb")
    longest = {f"{code}.body": "€" * 4_000 for code in codes}
    await written(browser, **longest, **{f"{code}.subject": "Cake" for code in codes})

    huge = await browser.send(NEW, TYPED | {"en.body": "x" * FORM_BYTES_MAX})
    assert huge.status == 413


async def test_a_form_from_elsewhere_does_nothing(shop: Shopfront, browser: Browser) -> None:
    """Without the token of the page no draft is written, tried, sent, or steered."""
    address = f"{LIST}/{await drafted(shop)}"
    for path in (NEW, address, *(f"{address}/{verb}" for verb in ("send", "steer", "try"))):
        async with browser.client.post(path, data=TYPED | {"do": "cancel"}) as response:
            assert response.status == 403, path
    async with shop.resources.units(shop.merchant.id) as unit:
        (campaign,) = await unit.campaigns.page(2)
    assert campaign.status is CampaignStatus.DRAFT


async def test_another_merchants_campaign_does_not_exist(
    shop: Shopfront, browser: Browser
) -> None:
    """Nor can any of its pages be seen or sent."""
    other = await open_shop(shop.resources, slug="other")
    address = f"{LIST}/{await drafted(other)}"
    for page in ("", "/mail?language=en", "/send", "/cancel", "/recipients"):
        await browser.read(f"{address}{page}", 404)
    for verb in ("", "/send", "/steer", "/try"):
        sent = TYPED | {"do": "cancel", "channel": "mail"}
        assert (await browser.send(NEW, sent, f"{address}{verb}")).status == 404, verb
