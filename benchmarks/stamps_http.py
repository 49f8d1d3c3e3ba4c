"""Stamps per second over HTTP, through `passgate serve`, beside a bare handler on aiohttp.

Every request carries the API key, a body and an Idempotency-Key of its own, and stamps a card
drawn by lot.
"""

from aiohttp import ClientSession

from benchmarks.bare import bare_server
from benchmarks.installation import Installation, installed
from benchmarks.shop import Shop, open_shop
from benchmarks.turns import Figures, take_turns
from benchmarks.wrk import Load, latencies, wrk

TURNS = 3
TURN_SECONDS = 3
CONNECTIONS = 16

_SCRIPT = """
local cards = {}
for card in io.lines("%(cards)s") do cards[#cards + 1] = card end
math.randomseed(os.time())
local run, sent = math.random(0, 2^31 - 1) .. "-" .. os.clock() .. "-", 0
wrk.headers["Authorization"] = "Bearer %(key)s"
wrk.headers["Content-Type"] = "application/json"
request = function()
  sent = sent + 1
  wrk.headers["Idempotency-Key"] = run .. sent
  local path = "/api/v1/cards/" .. cards[math.random(#cards)] .. "/stamps"
  return wrk.format("POST", path, nil, '{"location_id":"%(location)s"}')
end
"""
_BARE_SCRIPT = """
wrk.method = "POST"
wrk.body = '{"location_id":"00000000-0000-0000-0000-000000000000"}'
wrk.headers["Content-Type"] = "application/json"
"""


async def measure() -> Figures:
    """Return stamps per second and latencies in milliseconds at 16 connections."""
    loads: list[Load] = []
    async with (
        installed() as here,
        here.opened() as resources,
        here.process("serve", port=here.ports.web),
        bare_server(here.folder) as bare_url,
    ):
        shop = await open_shop(resources, here)
        script = await stamp_script(here, shop)

        async def bare() -> float:
            return (await _ask(bare_url, _BARE_SCRIPT)).per_second

        async def stamps() -> float:
            loads.append(await _ask(here.web_url, script))
            return loads[-1].per_second

        rates = await take_turns({"bare": bare, "stamps": stamps}, TURNS)
    return {
        "bare_handler_per_second": rates.median("bare"),
        "stamps_per_second": rates.median("stamps"),
        "ratio_to_bare_handler": rates.ratio("stamps", "bare"),
        **latencies(loads),
    }


async def stamp_script(here: Installation, shop: Shop) -> str:
    """Write what wrk sends, having seen that it is a stamp; needs the web process."""
    listed = here.folder / "cards.txt"
    listed.write_text("\n".join(map(str, shop.cards)))
    key = await shop.api_key()
    await _check_one(here.web_url, shop, key)
    return _SCRIPT % {"cards": listed, "key": key, "location": shop.location_id}


async def _ask(url: str, script: str) -> Load:
    return await wrk(url, connections=CONNECTIONS, seconds=TURN_SECONDS, script=script)


async def _check_one(web_url: str, shop: Shop, key: str) -> None:
    """See that the request we are about to send by the thousand is a stamp."""
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "first"}
    url = f"{web_url}/api/v1/cards/{shop.cards[0]}/stamps"
    body = {"location_id": str(shop.location_id)}
    async with ClientSession() as session, session.post(url, json=body, headers=headers) as reply:
        assert reply.ok, await reply.text()
        assert (await reply.json())["given"] == [{"unit": "stamp", "amount": 1}]
