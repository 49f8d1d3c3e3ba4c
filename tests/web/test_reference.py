"""The API's description: valid, complete, and readable."""

import html
import json
from typing import Any

import jsonschema
from openapi_spec_validator import validate

from gateway.web.routes import ROUTES
from tests.shopfront import Browser
from tests.web.doors import DOORS, Client


async def described(client: Client) -> dict[str, Any]:
    """Fetch the document."""
    async with client.get("/api/v1/openapi.json") as response:
        document: dict[str, Any] = await response.json()
    return document


async def test_the_document_is_valid_openapi(client: Client) -> None:
    """Checked by an independent validator against OpenAPI 3.1."""
    document = await described(client)

    assert document["openapi"].startswith("3.1")
    validate(document)


async def test_every_api_route_is_described(client: Client) -> None:
    """Nothing is left out and nothing invented."""
    document = await described(client)
    listed = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }

    assert listed == {
        (route.method, route.path) for route in DOORS if route.path.startswith("/api/v1/")
    }


async def test_the_schema_and_the_parser_agree(client: Client) -> None:
    """A body the schema refuses is refused at the door, and the other way round."""
    document = await described(client)
    schema = document["components"]["schemas"]["Order"]
    bodies: tuple[object, ...] = (
        {"stamps": 1},
        {"stamps": 0},
        {"stamps": 51},
        {"stamps": 1, "more": 1},
        {},
        [],
    )
    for body in bodies:
        is_valid = jsonschema.Draft202012Validator(schema).is_valid(body)
        headers = {"Idempotency-Key": "k"}
        async with client.post("/api/v1/stamps", json=body, headers=headers) as response:
            assert (response.status == 201) == is_valid


async def test_an_operation_says_what_it_needs_and_refuses(client: Client) -> None:
    """Credentials, the idempotency key, and each refusal's stable code."""
    document = await described(client)
    stamp = document["paths"]["/api/v1/stamps"]["post"]
    member = document["paths"]["/api/v1/members/{member_id}"]["get"]

    assert [parameter["name"] for parameter in stamp["parameters"]] == ["Idempotency-Key"]
    assert "cooldown_active" in stamp["responses"]["422"]["description"]
    assert member["security"] == [{"bearer": []}]
    assert member["parameters"][0]["schema"] == {"type": "string", "format": "uuid"}


async def test_a_person_can_read_it(client: Client) -> None:
    """The page shows operations, shapes and codes, without a script."""
    async with client.get("/api") as response:
        text = await response.text()

    assert response.status == 200
    for expected in ("Stamp a card.", "/api/v1/stamps", "cooldown_active", 'id="shape-Order"'):
        assert expected in text
    assert "<script" not in text
    assert "style=" not in text


def test_the_surface_has_no_two_routes_of_one_name_and_each_says_what_it_does() -> None:
    """Names are operation ids, and the summary is what a developer reads first."""
    names = [route.name for route in ROUTES]

    assert len(names) == len(set(names))
    assert all(route.summary for route in ROUTES)


async def test_what_a_door_does_beside_its_summary_is_told(browser: Browser) -> None:
    """To programs and to people: that activating may warn, and what If-Match cannot be."""
    document = json.loads(await browser.read("/api/v1/openapi.json"))
    shown = html.unescape(await browser.read("/api"))

    activating = document["paths"]["/api/v1/programs/{program_id}/activate"]["post"]
    warned = "One that is much like another that runs is started all the same, with a warning."
    assert activating["description"] == warned
    assert warned in shown
    assert "`*` is refused" in shown
    assert "description" not in document["paths"]["/api/v1/deleted-programs"]["get"]
