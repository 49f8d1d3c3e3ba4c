"""The API of programs with 110,000 of them: lists with filters, and everything mixed, over HTTP.

A hundred merchants have a thousand programs each; the one that asks has ten thousand. The mix is
asked of one process, and of two, each by half of the connections. Beside them, a bare handler on
the same server answers as many.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import asyncpg
from aiohttp import ClientSession

from benchmarks.bare import bare_server
from benchmarks.installation import Installation, installed
from benchmarks.plans import PLANS
from benchmarks.processor import microseconds_each, seconds
from benchmarks.shop import Shop, open_merchant
from benchmarks.turns import Figures, take_turns
from benchmarks.wrk import Load, latencies, wrk
from gateway.domain.configurations.writing import written
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.faults import read_plan
from sandbox.ports import HOST, free_port

OWN, OTHERS, OF_EACH = 10_000, 100, 1_000
TURNS = 3
TURN_SECONDS = 5
CONNECTIONS = 16
DRAFTS_PER_TURN = 140
TARGET_PER_SECOND = 1_000
SQL = Path(__file__).with_name("programs.sql")
LISTS: Mapping[str, str] = {
    "newest": "",
    "by_name": "?sort=name",
    "active": "?status=active",
    "of_a_type": "?rule_type=visit_frequency",
    "active_of_a_type": "?status=active&rule_type=tier_based&sort=oldest",
    "named": "?q=program%209",
    "named_rarely": "?q=9999",
    "at_a_location": "?location_id={location}",
}

_SCRIPT = """
local lists = {%(lists)s}
local programs, drafts = {}, {}
for id in io.lines("%(programs)s") do programs[#programs + 1] = id end
for id in io.lines("%(drafts)s") do drafts[#drafts + 1] = id end
local body = [[%(body)s]]
local changed, turn = 0, %(turn)d
math.randomseed(os.time())
wrk.headers["Authorization"] = "Bearer %(key)s"
wrk.headers["Content-Type"] = "application/json"
request = function()
  local lot = math.random(100)
  if lot <= 60 then
    return wrk.format("GET", "/api/v1/programs" .. lists[math.random(#lists)])
  elseif lot <= 85 then
    return wrk.format("GET", "/api/v1/programs/" .. programs[math.random(#programs)])
  elseif lot <= 95 then
    return wrk.format("POST", "/api/v1/programs/validate", nil, body)
  end
  changed = changed + 1
  local draft = turn * %(drafts_per_turn)d + (changed - 1) %% %(drafts_per_turn)d
  local revision = 1 + math.floor((changed - 1) / %(drafts_per_turn)d)
  local headers = {["If-Match"] = '"' .. revision .. '"'}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  local path = "/api/v1/programs/" .. drafts[1 + draft]
  local renamed = body:gsub("Measured", "Measured " .. turn .. "-" .. changed)
  return wrk.format("PUT", path, headers, renamed)
end
"""


@dataclass(frozen=True, slots=True)
class Api:
    """The processes that are asked, by their addresses, and with which key.

    `process_id` is the first one's.
    """

    urls: tuple[str, str]
    process_id: int
    key: str
    location_id: UUID
    script: Mapping[str, object]
    turns: Iterator[int]

    async def mixed(self, urls: Sequence[str]) -> list[Load]:
        """Ask for everything, of each process by as many connections."""
        connections = CONNECTIONS // len(urls)
        return await asyncio.gather(
            *(
                wrk(
                    url,
                    connections=connections,
                    seconds=TURN_SECONDS,
                    script=_SCRIPT % {**self.script, "turn": next(self.turns)},
                )
                for url in urls
            )
        )


async def measure() -> Figures:
    """Return milliseconds per list, requests per second of the mix, and its ratio."""
    async with installed() as here, here.opened() as resources:
        shop = await open_merchant(resources)
        await _load(here, shop)
        port = free_port()
        second = replace(here, variables={**here.variables, "PASSGATE_PORT": str(port)})
        async with (
            here.process("serve", port=here.ports.web) as first,
            second.process("serve", port=port),
            bare_server(here.folder) as bare_url,
        ):
            key = await shop.api_key()
            api = Api(
                urls=(here.web_url, f"http://{HOST}:{port}"),
                process_id=first.pid,
                key=key,
                location_id=shop.location_id,
                script=await _values(here, shop, key),
                turns=itertools.count(),
            )
            return await _measured(api, bare_url)


async def _measured(api: Api, bare_url: str) -> Figures:
    of_one: list[Load] = []
    used: list[float] = []
    for url in api.urls:
        await _walk(url, api.key)
    lists = {name: await _list(api, query) for name, query in LISTS.items()}

    async def bare() -> float:
        return (await wrk(bare_url, connections=CONNECTIONS, seconds=2)).per_second

    async def one() -> float:
        before = seconds(api.process_id)
        (load,) = await api.mixed(api.urls[:1])
        used.append(seconds(api.process_id) - before)
        of_one.append(load)
        return load.per_second

    async def two() -> float:
        return sum(load.per_second for load in await api.mixed(api.urls))

    await api.mixed(api.urls)
    rates = await take_turns({"bare": bare, "one": one, "two": two}, TURNS)
    figures: Figures = {"programs": OWN + OTHERS * OF_EACH}
    for name, load in lists.items():
        figures |= {f"list_{name}_ms_p50": load.p50, f"list_{name}_ms_p95": load.p95}
    requests = sum(load.per_second for load in of_one) * TURN_SECONDS
    slowest = max(lists.values(), key=lambda load: load.p95)
    return figures | {
        "slowest_list_ms_p95": slowest.p95,
        "slowest_list_ms_p99": slowest.p99,
        "bare_handler_per_second": rates.median("bare"),
        "mixed_target_per_second": TARGET_PER_SECOND,
        "mixed_one_process_per_second": rates.median("one"),
        "mixed_two_processes_per_second": rates.median("two"),
        "mixed_processor_us_of_web": microseconds_each(sum(used), requests),
        "ratio_to_bare_handler": rates.ratio("one", "bare"),
        **{f"mixed_{name}": value for name, value in latencies(of_one).items()},
    }


async def _load(here: Installation, shop: Shop) -> None:
    plans = [read_plan(plan) for plan in PLANS.values()]
    kinds = [sorted({rule.kind for rule in plan.rules}) for plan in plans]
    connection = await asyncpg.connect(here.superuser_url)
    try:
        await connection.execute(SQL.read_text())
        await connection.execute(
            "SELECT bench_programs($1, $2, $3, $4, $5, $6)",
            shop.principal.merchant_id,
            OWN,
            OTHERS,
            OF_EACH,
            json.dumps(kinds),
            json.dumps([written(plan) for plan in plans]),
        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _walk(url: str, key: str) -> None:
    """Turn over every page once: a process that has run for a while knows most versions."""
    path = f"{url}/api/v1/programs?limit=100"
    headers = {"Authorization": f"Bearer {key}"}
    cursor = ""
    async with ClientSession(headers=headers) as session:
        while cursor is not None:
            async with session.get(path + (f"&cursor={cursor}" if cursor else "")) as reply:
                cursor = (await reply.json())["next_cursor"]


async def _list(api: Api, query: str) -> Load:
    """Ask for one list over and over, by one connection."""
    url = f"{api.urls[0]}/api/v1/programs{query.format(location=api.location_id)}"
    headers = {"Authorization": f"Bearer {api.key}"}
    async with ClientSession() as session, session.get(url, headers=headers) as reply:
        assert (await reply.json())["items"], query
    script = f'wrk.headers["Authorization"] = "Bearer {api.key}"\n'
    return await wrk(url, connections=1, seconds=2, script=script)


async def _values(here: Installation, shop: Shop, key: str) -> dict[str, object]:
    """Return what the script of the mix is filled with."""
    lists = [query.format(location=shop.location_id) for query in LISTS.values()]
    return {
        "lists": ", ".join(f'"{query}"' for query in lists),
        "programs": await _ids(here, shop, list(ProgramStatus)),
        "drafts": await _ids(here, shop, [ProgramStatus.DRAFT]),
        "body": json.dumps({"name": "Measured", "plan": PLANS["hybrid"]}),
        "key": key,
        "drafts_per_turn": DRAFTS_PER_TURN,
    }


async def _ids(here: Installation, shop: Shop, statuses: list[ProgramStatus]) -> Path:
    """Write a file with the merchant's programs that have one of the statuses."""
    connection = await asyncpg.connect(here.superuser_url)
    try:
        rows = await connection.fetch(
            "SELECT id FROM programs WHERE merchant_id = $1 AND status = ANY ($2) ORDER BY id",
            shop.principal.merchant_id,
            statuses,
        )
    finally:
        await connection.close()
    path = here.folder / f"programs{len(rows)}.txt"
    path.write_text("\n".join(str(row["id"]) for row in rows))
    return path
