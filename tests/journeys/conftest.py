"""A shop served on a port, and browsers that walk through it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from gateway.app import app_of
from gateway.domain.rules.plan import Plan
from gateway.resources import open_resources
from tests.database import Database
from tests.journeys.cameras import film_code
from tests.shopfront import EMAIL, PASSWORD, PIN, TEN_COFFEES, Shopfront, open_shop, settings_of

PHONE = {"width": 390, "height": 844}
WAIT_MILLISECONDS_MAX = 45_000
# Chromium's own sandbox cannot start as root, nor in most containers.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
# What a page shows in the end is expected, not how soon: this machine may be busy.
expect.set_options(timeout=WAIT_MILLISECONDS_MAX)


@dataclass(frozen=True, slots=True)
class Town:
    """A shop with an address, and the browsers of everybody in it."""

    shop: Shopfront
    address: str
    folder: Path
    _playwright: Playwright
    _chromium: str
    _stack: AsyncExitStack
    faults: list[str] = field(default_factory=list)
    _browsers: dict[tuple[str, ...], Browser] = field(default_factory=dict)

    async def customer(self, **options: object) -> Page:
        """Open a customer's phone."""
        return await self._page(await self._browser(), options)

    async def owner(self, **options: object) -> Page:
        """Open a browser in which the owner logs in."""
        page = await self.customer(**options)
        await page.goto(f"{self.address}/merchant/cafe/log-in")
        await page.get_by_label("Mail address").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        return page

    async def till(self, code: str | None = None, **options: object) -> Page:
        """Open the till's browser; its camera sees `code`, or there is no camera."""
        arguments = []
        if code:
            film = film_code(code, self.folder / "camera.mjpeg")
            arguments = [
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ]
        return await self._page(await self._browser(*arguments), options)

    async def at_till(self, code: str | None = None, **options: object) -> Page:
        """Pair a till and enter the PIN, as staff do it, by thumb."""
        page = await self.till(code, **options)
        await page.goto(f"{self.address}/till/pair/cafe?code={await self.shop.invite()}")
        await page.get_by_role("button", name="Pair").click()
        await page.get_by_text("Mia").click()
        for digit in PIN:
            await page.get_by_role("button", name=digit, exact=True).click()
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/till/scan")
        return page

    async def joined(self, contact: str = "anna@mail.example") -> tuple[Page, str]:
        """Scan the poster, give the address, and return the card's page and code."""
        page = await self.customer()
        await page.goto(f"{self.address}/join/cafe/old-town")
        await page.get_by_label("Your mail address or mobile number").fill(contact)
        await page.get_by_role("button", name="Get my card").click()
        await page.wait_for_url("**/card/cafe/*")
        return page, await page.locator(".pass-code .code").inner_text()

    async def _browser(self, *arguments: str) -> Browser:
        """Start one for all who need no other; each page has a context, so cookies of its own."""
        if arguments not in self._browsers:
            launched = self._playwright.chromium.launch(
                executable_path=self._chromium, args=[*ARGUMENTS, *arguments]
            )
            self._browsers[arguments] = await self._stack.enter_async_context(await launched)
        return self._browsers[arguments]

    async def _page(self, browser: Browser, options: dict[str, object]) -> Page:
        context: BrowserContext = await browser.new_context(
            **({"viewport": PHONE, "has_touch": True} | options)  # type: ignore[arg-type]
        )
        context.set_default_timeout(WAIT_MILLISECONDS_MAX)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda line: (
                self.faults.append(line.text) if "Content Security Policy" in line.text else None
            ),
        )
        return page


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Settings a journey needs beyond the usual ones."""
    return {}


@pytest.fixture
def plan() -> Plan:
    """What the shop promises in a journey."""
    return TEN_COFFEES


@pytest.fixture
async def town(
    database: Database,
    chromium: str,
    free_port: int,
    tmp_path: Path,
    more_settings: dict[str, str],
    plan: Plan,
) -> AsyncIterator[Town]:
    """Everything real, in this process; a script that fails on any page fails the test."""
    address = f"http://127.0.0.1:{free_port}"
    settings = settings_of(database, address, **more_settings)
    async with AsyncExitStack() as stack:
        resources = await stack.enter_async_context(open_resources(settings, url=database.app_dsn))
        runner = web.AppRunner(app_of(resources), access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", free_port).start()
        playwright = await stack.enter_async_context(async_playwright())
        shop = await open_shop(resources, plan=plan)
        town = Town(shop, address, tmp_path, playwright, chromium, stack)
        yield town
        assert town.faults == []
