"""What phones cost: an empty list and an unchanged pass, beside a bare handler on aiohttp."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from benchmarks.bare import bare_server
from benchmarks.installation import Installation, installed
from benchmarks.shop import Shop, open_shop
from benchmarks.turns import Figures, take_turns
from benchmarks.wrk import Load, latencies, wrk
from gateway.storage.wallets.devices import Device
from gateway.storage.wallets.passes import StoredPass
from passes.apple.service import authentication_token, http_date

CONNECTIONS = 16
SECONDS = 2
TURNS = 3
PASSES_OF_A_DEVICE = 5
DEVICE = "b" * 32

Measure = Callable[[], Awaitable[float]]


async def measure() -> Figures:
    """Return requests per second and latencies, and ratios to the bare handler."""
    loads: dict[str, list[Load]] = {"list_204": [], "get_304": []}
    async with installed() as installation, installation.opened() as resources:
        shop = await open_shop(resources, installation)
        stored = await _registered(shop)
        port = installation.ports.web
        async with (
            bare_server(installation.folder) as bare,
            installation.process("serve", port=port),
        ):

            def asking(name: str, url: str, script: str) -> Measure:
                async def ask() -> float:
                    load = await wrk(url, connections=CONNECTIONS, seconds=SECONDS, script=script)
                    loads.setdefault(name, []).append(load)
                    return load.per_second

                return ask

            rates = await take_turns(
                {
                    "bare": asking("bare", bare, ""),
                    "list_204": asking("list_204", _list_url(installation, stored), ""),
                    "get_304": asking(
                        "get_304", _pass_url(installation, stored), _headers(shop, stored)
                    ),
                },
                TURNS,
            )
    figures: Figures = {"bare_per_second": rates.median("bare")}
    for name in ("list_204", "get_304"):
        figures[f"{name}_per_second"] = rates.median(name)
        figures[f"{name}_ratio_to_bare"] = rates.ratio(name, "bare")
        figures |= {f"{name}_{key}": value for key, value in latencies(loads[name]).items()}
    return figures


async def _registered(shop: Shop) -> StoredPass:
    """Register a device for some passes, publish them, and return the newest."""
    cards = shop.cards[:PASSES_OF_A_DEVICE]
    for card_id in cards:
        stored = await shop.issued(card_id)
        async with shop.resources.units(shop.principal.merchant_id) as unit:
            device = Device(
                pass_type_identifier=stored.pass_type_identifier,
                identifier=DEVICE,
                push_token="ab" * 32,
                registered_at=unit.now,
            )
            await unit.devices.register(device, stored.serial_number)
    async with shop.resources.units(shop.principal.merchant_id) as unit:
        await unit.passes.publish(cards)
        listed = await unit.devices.changed_since(stored.pass_type_identifier, DEVICE, None)
    return listed[-1]


def _list_url(installation: Installation, stored: StoredPass) -> str:
    registrations = f"/apple/v1/devices/{DEVICE}/registrations/{stored.pass_type_identifier}"
    return f"{installation.web_url}{registrations}?passesUpdatedSince={stored.tag}"


def _pass_url(installation: Installation, stored: StoredPass) -> str:
    name = f"{stored.pass_type_identifier}/{stored.serial_number}"
    return f"{installation.web_url}/apple/v1/passes/{name}"


def _headers(shop: Shop, stored: StoredPass) -> str:
    key = shop.resources.keys.pass_tokens
    token = authentication_token(key, stored.pass_type_identifier, stored.serial_number)
    since = http_date(datetime.now(UTC) + timedelta(days=1))
    return (
        f'wrk.headers["Authorization"] = "ApplePass {token}"\n'
        f'wrk.headers["If-Modified-Since"] = "{since}"\n'
    )
