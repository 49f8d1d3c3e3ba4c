"""What each process holds in memory after it was busy: stamps, pushes, phones, pages."""

import asyncio
import subprocess

from aiohttp import ClientSession

from benchmarks.installation import Installation, installed
from benchmarks.shop import SLUG, Shop, open_shop
from benchmarks.tools import output_of
from benchmarks.turns import Figures
from gateway.resources import now
from gateway.services.wallets.pass_links import download_link
from sandbox.ports import HOST

PASSES = 20
STAMPS_OF_EACH = 50
CALLERS = 16
SETTLE_SECONDS = 2.0


async def measure() -> Figures:
    """Return the resident memory of each process in megabytes, shared libraries included."""
    async with (
        installed() as here,
        here.opened() as resources,
        here.process("sandbox", *_sandbox_options(here), port=here.ports.sandbox) as sandbox,
        here.process("serve", port=here.ports.web) as web,
        here.process("work") as worker,
    ):
        shop = await open_shop(resources, here)
        await _keep_busy(here, shop)
        return {
            "web_megabytes": await megabytes(web),
            "worker_megabytes": await megabytes(worker),
            "sandbox_megabytes": await megabytes(sandbox),
        }


def _sandbox_options(here: Installation) -> list[str]:
    ports = here.ports
    return [
        *("--folder", str(here.folder)),
        *("--port", str(ports.sandbox), "--apns-port", str(ports.apns)),
    ]


async def _keep_busy(here: Installation, shop: Shop) -> None:
    """Put passes onto phones and stamp them over the API, many at a time."""
    key = await shop.api_key()
    async with ClientSession() as session:
        for card_id in shop.cards[:PASSES]:
            await shop.issued(card_id)
            link = download_link(shop.resources.keys.links, SLUG, card_id, now())
            phone = f"http://{HOST}:{here.ports.sandbox}/phone"
            async with session.get(phone, params={"new": "", "add": here.web_url + link}) as shown:
                shown.raise_for_status()
            async with session.post(f"{shown.url}/accept") as added:
                added.raise_for_status()

        async def stamp(numbers: range) -> None:
            for number in numbers:
                headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"key-{number}"}
                url = f"{here.web_url}/api/v1/cards/{shop.cards[number % PASSES]}/stamps"
                body = {"location_id": str(shop.location_id)}
                async with session.post(url, json=body, headers=headers) as stamped:
                    stamped.raise_for_status()

        count = PASSES * STAMPS_OF_EACH
        await asyncio.gather(*(stamp(range(n, count, CALLERS)) for n in range(CALLERS)))
    await asyncio.sleep(SETTLE_SECONDS)


async def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Return a process's resident memory at this moment."""
    kilobytes = await output_of("ps", "-o", "rss=", "-p", str(process.pid))
    return round(int(kilobytes) / 1_024, 1)
