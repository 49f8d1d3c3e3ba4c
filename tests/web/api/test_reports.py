"""Reports over the API: what is owed, with every formula, for a period that makes sense."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from gateway.domain.people import Permission
from gateway.domain.reports import FORMULAS
from gateway.resources import Resources, now
from tests.shops import Shop
from tests.web.api.conftest import Client
from tests.web.api.gate import Caller, make_key

DAY = timedelta(days=1)


def path_of(shop: Shop, since: timedelta = -DAY, until: timedelta = DAY) -> str:
    """Return the report's path, about yesterday until tomorrow unless told otherwise."""
    today = now()
    period = {"since": (today + since).isoformat(), "until": (today + until).isoformat()}
    return f"programs/{shop.program.id}/report?{urlencode(period)}"


async def test_a_report_says_what_is_owed_and_how_that_is_computed(
    caller: Caller, shop: Shop
) -> None:
    """Two cards with three stamps together owe three stamps, which never end."""
    for card in (shop.cards[0], shop.cards[0], shop.cards[1]):
        await caller.post(f"cards/{card}/stamps", {"location_id": str(shop.location.id)})

    told = await caller.get(path_of(shop))

    (stamps,) = told.body["units"]
    assert (told.status, told.body["program_id"]) == (200, str(shop.program.id))
    assert told.body["currency"] == shop.program.version.plan.currency
    assert (stamps["unit"], stamps["issued"], stamps["opening"], stamps["closing"]) == (
        "stamp",
        3,
        0,
        3,
    )
    assert (stamps["value_per_unit"], stamps["liability"]) == (None, None)
    assert told.body["deadlines"] == [{"unit": "stamp", "day": None, "amount": 3}]
    assert told.body["formulas"] == dict(FORMULAS)
    assert set(stamps) - {"unit"} | {"deadlines"} == set(FORMULAS)


@pytest.mark.parametrize("length", [timedelta(0), -DAY, timedelta(days=4 * 366)])
async def test_a_period_that_is_none_or_too_long_is_refused(
    caller: Caller, shop: Shop, length: timedelta
) -> None:
    """With a code of its own."""
    refused = await caller.get(path_of(shop, timedelta(0), length))

    assert (refused.status, refused.code) == (400, "period_invalid")


async def test_a_moment_without_its_offset_is_refused(caller: Caller, shop: Shop) -> None:
    """Nobody guesses whose midnight is meant."""
    period = "since=2026-01-01T00:00:00&until=2026-02-01T00:00:00"

    refused = await caller.get(f"programs/{shop.program.id}/report?{period}")

    assert (refused.status, refused.code) == (400, "query_invalid")


async def test_only_who_may_read_programs_reads_reports(
    client: Client, resources: Resources, shop: Shop
) -> None:
    """A till's key opens no books."""
    till = Caller(
        client, await make_key(resources, shop.merchant_id, frozenset({Permission.STAMPS_WRITE}))
    )

    refused = await till.get(path_of(shop))

    assert (refused.status, refused.code) == (403, "not_allowed")
