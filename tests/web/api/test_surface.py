"""The API as it is described: valid, complete, and honest about who may do what."""

import re

from openapi_spec_validator import validate

from gateway.domain.people import Permission
from gateway.web.api.routes import API
from gateway.web.api.tokens import exchange_key
from gateway.web.reference.openapi import refusals_of
from gateway.web.reference.page import api_reference
from tests.web.api.conftest import Client
from tests.web.api.gate import DESCRIBED, Caller

# What two people may change at once, and neither should undo unseen.
CONFIGURATION = (
    "/programs/{program_id}",
    "/rewards/{reward_id}",
    "/segments/{segment_id}",
    "/message-settings",
    "/ledger-settings",
    "/wordings/{event}",
    "/webhook-endpoints/{endpoint_id}",
    "/campaigns/{campaign_id}",
)
# What sends, makes or tries something and changes nothing that was there.
SENDING = (
    "/test",
    "/test-send",
    "/replays",
    "/duplicate",
    "/evaluate",
    "/experiments",
    "/rewards",
)
# What must not come late because somebody else moved the campaign on meanwhile.
URGENT = tuple(f"/campaigns/{{campaign_id}}/{verb}" for verb in ("pause", "resume", "cancel"))


# What is noted once, whoever says it how often, and moves no balance.
NOTED = ("/fulfil",)


def test_the_whole_document_is_valid_openapi() -> None:
    """Checked by an independent validator against OpenAPI 3.1."""
    validate(DESCRIBED)


def test_a_till_need_not_say_the_verb_whose_door_it_uses() -> None:
    """In a batch it has to, as nothing else tells there what is meant."""
    body = DESCRIBED["paths"]["/api/v1/pos/accrue"]["post"]["requestBody"]
    alone = body["content"]["application/json"]["schema"]

    assert "verb" in alone["properties"]
    assert "verb" not in alone["required"]
    assert "verb" in DESCRIBED["components"]["schemas"]["PosAccrual"]["required"]


def test_every_door_of_the_api_asks_for_a_scope() -> None:
    """But for the exchange of a key, which gives no more than the key has."""
    unasked = [route.handler for route in API if route.access.permission is None]

    assert unasked == [exchange_key]
    assert {route.access.permission for route in API} - {None} < set(Permission)


def test_every_change_of_a_balance_needs_a_key_and_of_a_setting_a_condition() -> None:
    """So that a retry is safe and no change is lost."""
    for route in API:
        changes_card = "/cards/{card_id}/" in route.path and not (
            route.is_safe or route.path.endswith(NOTED)
        )
        changes_one = any(each in route.path for each in CONFIGURATION) and not (
            route.is_safe or route.path.endswith((*SENDING, *URGENT))
        )
        assert route.is_idempotent == changes_card, route.path
        assert route.is_conditional == changes_one, route.path


def test_every_answer_has_a_shape_and_every_refusal_a_code() -> None:
    """Nothing is answered that the document does not describe."""
    for route in API:
        assert route.answers, route.path
        assert all(route.answers.values()), route.path
        codes = [refusal.code for refusal in refusals_of(route)]
        assert len(codes) == len(set(codes)), route.path


async def test_a_person_can_read_all_of_it(client: Client) -> None:
    """Each operation is on the page."""
    async with client.get("/api") as response:
        text = await response.text()

    assert response.status == 200, api_reference.__doc__
    for route in API:
        assert route.summary.replace("'", "&#39;") in text, route.path


async def test_every_door_of_the_api_is_closed_without_a_key(client: Client) -> None:
    """And says the same whatever it hides."""
    nobody = Caller(client, "")
    for route in API:
        path = re.sub(r"{\w+}", "x", route.path).removeprefix("/api/v1/")
        refused = await nobody.call(route.method, path, {}, headers={})
        assert (refused.status, refused.code) == (401, "not_signed_in"), path
