"""What people do every day with a whole installation, by browser: join, keep a card, stamp."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.installations import running
from tests.journeys.cameras import film_code
from tests.journeys.conftest import PHONE

ADDRESS = "ada@mail.example"


@pytest.fixture
def said(tmp_path: Path) -> Iterator[str]:
    """Run everything as `make run` does, and give what it told the person at the keyboard."""
    with running(tmp_path / "installation") as (_process, lines):
        yield "".join(lines)


def told(said: str, who: str) -> str:
    """Return the address that `make run` names for somebody."""
    address = re.search(rf"^\s*{who}\s+(http\S+)", said, re.MULTILINE)
    assert address is not None, said
    return address[1]


def camera(code: str, folder: Path) -> list[str]:
    """Return what makes a browser's camera see this code."""
    film = film_code(code, folder / "camera.mjpeg")
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


async def enrol(browser: Browser, poster: str, *, agreed: bool = False) -> tuple[Page, str]:
    """Scan the poster, perhaps tick every box, and return the card's page and code."""
    context = await browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(poster)
    await page.get_by_label("Your mail address or mobile number").fill(ADDRESS)
    for box in await page.get_by_role("checkbox").all() if agreed else ():
        await box.check()
    await page.get_by_role("button", name="Get my card").click()
    await page.wait_for_url("**/card/**")
    return page, await page.locator(".pass-code .code").inner_text()


async def add_to_phone(card: Page) -> Page:
    """Add the card to the Apple Wallet of this browser's sandbox phone; return the phone."""
    phone = await card.context.new_page()
    await card.get_by_role("link", name="Open on the sandbox phone").wait_for()
    await phone.goto(f"{card.url}/sandbox-phone")
    offer = phone.get_by_role("dialog")
    await expect(offer).to_contain_text("verified")
    await offer.get_by_role("button", name="Add").click()
    return phone


async def stamp(counter: Browser, said: str) -> None:
    """Pair the till, sign in by PIN, and stamp the card before the camera."""
    till = await counter.new_page(viewport=PHONE)  # type: ignore[arg-type]
    await till.goto(told(said, "till"))
    await till.get_by_role("button", name="Pair").click()
    await till.get_by_text("Ben").click()
    pin = re.search(r"Ben with PIN (\d+)", said)
    assert pin is not None
    for digit in pin[1]:
        await till.get_by_role("button", name=digit, exact=True).click()
    await till.get_by_role("button", name="Sign in").click()
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#outcome")).to_contain_text("Stamped.")
