"""The main job, end to end and in every process: a stamp reaches the phone."""

import json
from pathlib import Path
from urllib.request import urlopen

from playwright.async_api import async_playwright, expect

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.everyday import add_to_phone, camera, enrol, said, stamp, told

__all__ = ["said"]


async def test_a_stamp_reaches_the_phone(said: str, chromium: str, tmp_path: Path) -> None:
    """A customer enrols and adds the card, staff scan and stamp it, the phone tells of it.

    Nothing is left out: pages, ledger, outbox, worker, push over HTTP/2, list, get, signature.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        card, code = await enrol(browser, told(said, "customer"))
        phone = await add_to_phone(card)
        await expect(phone.locator("body")).to_contain_text("0/10")

        counter = await playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, *camera(code, tmp_path)]
        )
        await stamp(counter, said)

        words = expect(phone.get_by_text("You have 1 of 10 stamps").first)
        await words.to_be_visible()
        await expect(phone.locator("body")).to_contain_text("1/10")
        state = json.load(urlopen(f"{phone.url.partition('?')[0]}/state"))  # noqa: ASYNC210, S310 -- our own loopback, once
        assert state["log"]["total"] == 0
        assert [note["text"][:24] for note in state["notifications"]] == [
            "You have 1 of 10 stamps."
        ]
        await counter.close()
        await browser.close()
