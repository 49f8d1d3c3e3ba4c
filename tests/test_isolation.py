"""Merchants never see each other: at every API door, in every table, by every key."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import fields

from gateway.domain.configurations.writing import written
from gateway.resources import Resources
from gateway.storage.server.roles import APP, WORKER
from gateway.storage.tables import metadata
from gateway.web.api.adjustments import Adjustment, Block, CardTransfer, Merger
from gateway.web.api.campaign_shapes import CampaignPlan, CampaignTime
from gateway.web.api.campaigns import CampaignTest
from gateway.web.api.cards import NewCard
from gateway.web.api.consents import NewConsent
from gateway.web.api.experiments import ExperimentDesign
from gateway.web.api.program_bulk import BulkCommands
from gateway.web.api.program_shapes import Design
from gateway.web.api.program_trials import Attempted
from gateway.web.api.reports import ReportPeriod
from gateway.web.api.reward_shapes import ChangedReward, NewReward, Reservation, Restock
from gateway.web.api.routes import API
from gateway.web.api.sale_shapes import SaleTold
from gateway.web.api.segments import SegmentDesign
from gateway.web.api.stamps import Visit
from gateway.web.api.tokens import TokenRequest
from gateway.web.api.webhook_shapes import EndpointDesign, Replay
from gateway.web.routing import Route
from tests.database import Database
from tests.shops import Shop, open_shop
from tests.web.api.conftest import EAGER, client, resources
from tests.web.api.gate import Answered, Caller, make_key

__all__ = ["client", "resources"]

# What a route asks for in its query before it looks for anything.
NEEDED: dict[type[Any], str] = {
    ReportPeriod: "?since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z"
}

APPENDED = {
    "audit",
    "consents",
    "entries",
    "idempotency_keys",
    "program_versions",
    "reversals",
    "source_events",
    "transactions",
}
# By these a merchant is found before it is known; they hold public facts only.
DIRECTORY = {"merchants", "apple_pass_types"}
# The installation's own, which knows no merchant and which the web process may not even read.
INSTALLATION = {"provider_budgets"}
# Tries are counted before anything is looked for, whoever tries.
COUNTERS = {"attempts"}
API_PATH = "/api/v1/"
ADJUSTMENT = {"unit": "stamp", "amount": 2_000, "reason": "x"}
MUG = {"name": "Mug", "unit": "stamp", "cost": 1}
CAMPAIGN = {
    "name": "Cake",
    "channels": ["mail"],
    "contents": {"en": {"subject": "Cake", "body": "Come and try our cake."}},
}
COMPARISON = {
    "key": "same",
    "name": "Nothing",
    "variants": [{"key": key, "weight": 5_000, "version": 1} for key in ("a", "b")],
}
SEGMENT = {
    "name": "Everybody",
    "definition": {"conditions": [{"field": "visits", "comparison": "ge", "value": 0}]},
}
# What a path names that is nobody's own: a version by its number, a schema.
SAME_FOR_ALL = {"number": "1", "name": "plan"}
# $1 is the merchant who writes, $2 the other's card; everything else is the writer's own.
POINTING_ELSEWHERE = (
    "INSERT INTO accounts VALUES ($1, $2, 'stamp', 'available', 0, 0)",
    """
    INSERT INTO redemptions
        (merchant_id, id, card_id, reward_id, unit, cost, transaction_id, has_taken_stock,
         status, fulfilment, code, reserved_at, expires_at)
    SELECT $1, gen_random_uuid(), $2, id, unit, cost, gen_random_uuid(), false,
           'reserved', 'none', 'x', now(), now()
    FROM rewards WHERE merchant_id = $1
    """,
    """
    INSERT INTO transactions
        (merchant_id, occurred_at, id, card_id, program_version_id, kind, source, explanation,
         number, hash, business_day, earnings, visits, spent, given, actor, happened_at)
    SELECT $1, now(), gen_random_uuid(), $2, id, 'earn', 'x', '[]',
           1, '', current_date, 1, 1, 0, '{}', 'x', now()
    FROM program_versions WHERE merchant_id = $1
    """,
)


class House:
    """A merchant with one of everything that has an id."""

    def __init__(self, shop: Shop, caller: Caller) -> None:
        """Take the shop and whoever holds its key."""
        self.shop = shop
        self.caller = caller
        self.ids: dict[str, str] = {
            "card_id": str(shop.cards[0]),
            "program_id": str(shop.program.id),
            "location_id": str(shop.location.id),
            "reward_id": str(shop.reward.id),
        }

    async def live(self) -> None:
        """Stamp and reserve, so that there are transactions and redemptions to name."""
        card = f"cards/{self.shop.cards[0]}"
        for _ in range(4):
            stamped = await self.caller.post(f"{card}/stamps", pick(self.ids, "location_id"))
        reserved = await self.caller.post(f"{card}/redemptions", pick(self.ids, "reward_id"))
        added = await self.caller.post("webhook-endpoints", {"url": "https://shop.example/"})
        self.ids["endpoint_id"] = added.body["endpoint"]["id"]
        tested = await self.caller.post(f"webhook-endpoints/{self.ids['endpoint_id']}/test")
        self.ids["message_id"] = tested.body["message_id"]
        planned = await self.caller.post("campaigns", CAMPAIGN)
        self.ids["campaign_id"] = planned.body["id"]
        program = f"programs/{self.shop.program.id}"
        compared = await self.caller.post(f"{program}/experiments", COMPARISON)
        self.ids["experiment_id"] = compared.body["id"]
        copied = await self.caller.post(f"{program}/duplicate")
        gone, tag = f"programs/{copied.body['id']}", {"If-Match": copied.headers["ETag"]}
        await self.caller.call("DELETE", gone, headers=tag)
        self.ids["deleted_program_id"] = copied.body["id"]
        kept = await self.caller.post("segments", SEGMENT)
        self.ids["segment_id"] = kept.body["id"]
        self.ids["transaction_id"] = stamped.body["transaction_id"]
        asked = await self.caller.post(f"{card}/adjustments", ADJUSTMENT)
        self.ids["adjustment_id"] = asked.body["adjustment_id"]
        self.ids["redemption_id"] = reserved.body["redemption_id"]
        self.ids["customer_id"] = (await self.caller.get(card)).body["customer_id"]


def pick(ids: dict[str, str], *names: str) -> dict[str, str]:
    return {name: ids[name] for name in names}


def body_for(shape: type[Any] | None, ids: dict[str, str]) -> dict[str, Any] | None:
    """Return a body that would be accepted if its ids were the caller's own."""
    if shape is None:
        return None
    bodies: dict[type[Any], dict[str, Any]] = {
        NewCard: pick(ids, "program_id") | {"contact": "ana@example.com"},
        Visit: pick(ids, "location_id"),
        Reservation: pick(ids, "reward_id"),
        SaleTold: pick(ids, "location_id")
        | {"reference": "r", "sale": {"currency": "EUR", "total_paid": 100}},
        Adjustment: ADJUSTMENT,
        Block: {"reason": "x"},
        CardTransfer: {"to_card_id": ids["card_id"], "unit": "stamp", "amount": 1, "reason": "x"},
        Merger: {"into_card_id": ids["card_id"], "reason": "x"},
        NewReward: {"design": MUG},
        ChangedReward: {"design": MUG},
        Restock: {"add": 5},
        Design: {"name": "Stolen", "plan": written(EAGER)},
        Attempted: pick(ids, "location_id"),
        ExperimentDesign: COMPARISON | {"key": "other"},
        SegmentDesign: SEGMENT,
        BulkCommands: {"commands": [pick(ids, "program_id") | {"command": "end", "revision": 1}]},
        EndpointDesign: {"url": "https://thief.example/"},
        Replay: pick(ids, "message_id"),
        CampaignPlan: CAMPAIGN,
        CampaignTime: {},
        CampaignTest: {"channel": "mail"},
        TokenRequest: {},
        NewConsent: {
            "channel": "mail",
            "purpose": "marketing",
            "granted": True,
            "wording": "Yes",
            "source": "elsewhere",
        },
    }
    return bodies[shape]


def path_of(route: Route, ids: dict[str, str]) -> str:
    asked = NEEDED.get(route.takes, "") if route.takes else ""
    return route.path.removeprefix(API_PATH).format(**ids, **SAME_FOR_ALL) + asked


@pytest.fixture
async def houses(client: Any, resources: Resources) -> tuple[House, House]:  # noqa: ANN401
    """Ours and theirs, both with a life of their own."""
    built = []
    for slug in ("ours", "theirs"):
        shop = await open_shop(resources.database, slug=slug, plan=EAGER)
        house = House(shop, Caller(client, await make_key(resources, shop.merchant_id)))
        await house.live()
        built.append(house)
    return built[0], built[1]


@pytest.fixture
async def superuser(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who sees every row."""
    connection = await asyncpg.connect(database.superuser_dsn)
    yield connection
    await connection.close()


async def rows(superuser: asyncpg.Connection) -> dict[str, list[str]]:
    """Return all rows of all tables, as text."""
    return {
        name: sorted(str(row) for row in await superuser.fetch(f'SELECT * FROM "{name}"'))  # noqa: S608 - our own tables
        for name in sorted(set(metadata.tables) - COUNTERS)
    }


def doors_with_ids() -> Iterator[tuple[Route, str]]:
    """Give each route with every way in which it can name somebody else's."""
    for route in API:
        if "_id}" in route.path:
            yield route, "address"
        if route.takes in {NewCard, Visit, Reservation, Replay, Attempted, SaleTold, Merger}:
            yield route, "body"


@pytest.mark.parametrize(
    ("route", "place"),
    [pytest.param(*each, id=f"{each[0].name}-{each[1]}") for each in doors_with_ids()],
)
async def test_c1_what_belongs_to_another_merchant_does_not_exist(
    houses: tuple[House, House], superuser: asyncpg.Connection, route: Route, place: str
) -> None:
    """Whichever id is theirs, in the address or the body: 404, and not a row has changed."""
    ours, theirs = houses
    in_address = theirs.ids if place == "address" else ours.ids
    in_body = theirs.ids if place == "body" else ours.ids
    before = await rows(superuser)

    refused = await send(ours.caller, route, path_of(route, in_address), in_body)

    assert (refused.status, refused.code) == (404, "not_found")
    assert await rows(superuser) == before


@pytest.mark.parametrize("name", ["transaction_id", "redemption_id", "adjustment_id"])
async def test_c1_their_part_of_our_card_does_not_exist(
    houses: tuple[House, House], superuser: asyncpg.Connection, name: str
) -> None:
    """An id of theirs below a card of ours is not found either."""
    ours, theirs = houses
    before = await rows(superuser)
    routes = [route for route in API if f"{{{name}}}" in route.path]
    assert routes

    for route in routes:
        path = path_of(route, ours.ids | pick(theirs.ids, name))
        refused = await send(ours.caller, route, path, ours.ids)
        assert (refused.status, refused.code) == (404, "not_found"), route.path
    assert await rows(superuser) == before


async def test_c1_the_same_requests_with_our_own_ids_are_found(
    houses: tuple[House, House],
) -> None:
    """The negative control: it was the ids that were refused."""
    ours, _ = houses
    for route, _ in doors_with_ids():
        if route.is_conditional:
            continue
        answered = await send(ours.caller, route, path_of(route, ours.ids), ours.ids)
        assert answered.status != 404, route.path


async def test_c1_lists_hold_our_own_only(houses: tuple[House, House]) -> None:
    """Not a single id of theirs is in any answer, and a filter by theirs finds nothing."""
    ours, theirs = houses
    for route in API:
        if route.method == "GET" and "{" not in route.path and is_list(route):
            answered = await ours.caller.get(route.path.removeprefix(API_PATH))
            assert answered.status == 200
            assert answered.body["items"], route.path
            text = answered.raw.decode()
            assert not [each for each in theirs.ids.values() if each in text], route.path

    filtered = await ours.caller.get(f"cards?program_id={theirs.ids['program_id']}")
    card = await theirs.caller.get(f"cards/{theirs.ids['card_id']}")
    found = await ours.caller.get(f"cards?code={card.body['code']}")

    assert filtered.body["items"] == []
    assert found.status == 404


def is_list(route: Route) -> bool:
    """Whether it answers many of something, and not the one there is of its merchant."""
    shape = route.answers[200]
    assert shape is not None
    return "items" in {field.name for field in fields(shape)}


async def send(caller: Caller, route: Route, path: str, ids: dict[str, str]) -> Answered:
    headers = {"Idempotency_Key": "foreign"} if route.is_idempotent else {}
    if route.is_conditional:
        headers["If_Match"] = '"1"'
    body = None if route.is_safe else body_for(route.takes, ids)
    return await caller.call(route.method, path, body, headers=headers)


async def test_every_table_is_closed_by_row_level_security(superuser: asyncpg.Connection) -> None:
    """ENABLE and FORCE on each, partitions included, and a policy that names the merchant."""
    found = await superuser.fetch(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS closed, c.relispartition,"
        " (SELECT count(*) FROM pg_policies p WHERE p.tablename = c.relname"
        "  AND p.policyname = 'merchant' AND p.qual LIKE '%app.merchant%') AS policies"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        " AND c.relname <> 'alembic_version'"
    )
    names = {row["relname"] for row in found}

    assert set(metadata.tables) <= names
    assert [row["relname"] for row in found if not row["closed"]] == []
    unguarded = {r["relname"] for r in found if not r["relispartition"] and not r["policies"]}
    assert unguarded == INSTALLATION


@pytest.mark.parametrize("role", [APP, WORKER])
async def test_what_is_appended_cannot_be_edited(superuser: asyncpg.Connection, role: str) -> None:
    """Neither service may change or remove a ledger entry, a consent or an audit record."""
    for table in sorted(APPENDED):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            allowed = await superuser.fetchval(
                "SELECT has_table_privilege($1, $2, $3)", role, table, right
            )
            swept = role == WORKER and table == "idempotency_keys" and right == "DELETE"
            assert allowed == swept, (table, right)


@pytest.mark.parametrize("role", [APP, WORKER])
async def test_the_services_can_go_around_nothing(
    superuser: asyncpg.Connection, role: str
) -> None:
    """No superuser, no way past row-level security, no table of their own."""
    row = await superuser.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns,"
        " has_schema_privilege(r.oid, 'public', 'CREATE') AS creates"
        " FROM pg_roles r WHERE rolname = $1",
        role,
    )

    assert [name for name, held in row.items() if held] == []


async def test_c2_who_names_no_merchant_sees_nothing(
    houses: tuple[House, House], database: Database
) -> None:
    """A forgotten merchant is an empty answer, never everybody's rows."""
    connection = await asyncpg.connect(database.app_dsn)
    try:
        for name in sorted(set(metadata.tables) - DIRECTORY - INSTALLATION):
            assert await connection.fetchval(f'SELECT count(*) FROM "{name}"') == 0, name  # noqa: S608 - our own tables
    finally:
        await connection.close()
    assert houses


async def test_c3_a_connection_remembers_no_merchant(
    houses: tuple[House, House], resources: Resources
) -> None:
    """What one request set is gone when the next one borrows its connection."""
    ours, _ = houses
    async with resources.units(ours.shop.merchant_id) as unit:
        assert await unit.cards.page(10)
    for _ in range(5):
        async with resources.units(UUID(int=0)) as unit:
            assert await unit.cards.page(10) == []
        assert await resources.database.pool.fetchval("SELECT count(*) FROM cards") == 0


async def test_c4_a_row_cannot_point_to_another_merchants_card(
    houses: tuple[House, House], superuser: asyncpg.Connection
) -> None:
    """Even for who goes around row-level security, the keys hold the merchants apart."""
    ours, theirs = houses
    for statement in POINTING_ELSEWHERE:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await superuser.execute(statement, ours.shop.merchant_id, theirs.shop.cards[0])


async def test_every_foreign_key_between_tenants_rows_begins_with_the_merchant(
    superuser: asyncpg.Connection,
) -> None:
    """So that the test above holds for the tables of tomorrow, too."""
    loose = await superuser.fetch(
        "SELECT conrelid::regclass::text AS name, conname FROM pg_constraint k"
        " WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid"
        "  AND a.attnum = k.conkey[1] AND a.attname = 'merchant_id')"
    )

    assert [row["conname"] for row in loose] == []
