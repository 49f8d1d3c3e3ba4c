"""The main job, end to end and in every process: a stamp reaches the phone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.installations import running
from tests.journeys.cameras import film_code
from tests.journeys.conftest import ARGUMENTS, PHONE

PUSHED_MILLISECONDS_MAX = 15_000


@pytest.fixture
def said(tmp_path: Path) -> Iterator[str]:
    """Run everything as `make run` does, and give what it told the person at the keyboard."""
    with running(tmp_path / "installation") as (_process, lines):
        yield "".join(lines)


async def test_a_stamp_reaches_the_phone(said: str, chromium: str, tmp_path: Path) -> None:
    """A customer enrols and adds the card, staff scan and stamp it, the phone tells of it.

    Nothing is left out: pages, ledger, outbox, worker, push over HTTP/2, list, get, signature.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        card, code = await _enrol(browser, _told(said, "customer"))
        phone = await _add_to_phone(card)
        await expect(phone.locator("body")).to_contain_text("0/10")

        film = film_code(code, tmp_path / "camera.mjpeg")
        camera = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
        counter = await playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, *camera]
        )
        await _stamp(counter, said)

        words = expect(phone.get_by_text("You have 1 of 10 stamps").first)
        await words.to_be_visible(timeout=PUSHED_MILLISECONDS_MAX)
        await expect(phone.locator("body")).to_contain_text("1/10")
        state = json.load(urlopen(f"{phone.url.partition('?')[0]}/state"))  # noqa: ASYNC210, S310 -- our own loopback, once
        assert state["log"]["total"] == 0
        assert [note["text"][:24] for note in state["notifications"]] == [
            "You have 1 of 10 stamps."
        ]
        await counter.close()
        await browser.close()


async def _enrol(browser: Browser, poster: str) -> tuple[Page, str]:
    context = await browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(poster)
    await page.get_by_label("Your mail address or mobile number").fill("ada@mail.example")
    await page.get_by_role("button", name="Get my card").click()
    await page.wait_for_url("**/card/**")
    return page, await page.locator(".pass-code .code").inner_text()


async def _add_to_phone(card: Page) -> Page:
    phone = await card.context.new_page()
    await card.get_by_role("link", name="Open on the sandbox phone").wait_for()
    await phone.goto(f"{card.url}/sandbox-phone")
    offer = phone.get_by_role("dialog")
    await expect(offer).to_contain_text("verified")
    await offer.get_by_role("button", name="Add").click()
    return phone


async def _stamp(counter: Browser, said: str) -> None:
    till = await counter.new_page(viewport=PHONE)  # type: ignore[arg-type]
    await till.goto(_told(said, "till"))
    await till.get_by_role("button", name="Pair").click()
    await till.get_by_text("Ben").click()
    pin = re.search(r"Ben with PIN (\d+)", said)
    assert pin is not None
    for digit in pin[1]:
        await till.get_by_role("button", name=digit, exact=True).click()
    await till.get_by_role("button", name="Sign in").click()
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#outcome")).to_contain_text("Stamped.")


def _told(said: str, who: str) -> str:
    """Return the address that `make run` names for somebody."""
    address = re.search(rf"^\s*{who}\s+(http\S+)", said, re.MULTILINE)
    assert address is not None, said
    return address[1]
