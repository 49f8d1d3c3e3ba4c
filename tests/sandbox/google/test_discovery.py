"""Google's description of its API: the revision we know, and schemas that say what it says."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.google.discovery import (
    REVISION,
    document,
    lenient_schema,
    methods,
    strict_schema,
)


def is_strict(name: str, body: Mapping[str, Any]) -> bool:
    return Draft202012Validator(strict_schema(name)).is_valid(body)


def is_lenient(name: str, body: Mapping[str, Any]) -> bool:
    return Draft202012Validator(lenient_schema(name)).is_valid(body)


def test_the_document_is_the_revision_we_were_built_against() -> None:
    """A package with another description of the API is noticed before a merchant notices."""
    assert document()["revision"] == REVISION


def test_every_schema_of_the_document_is_a_json_schema() -> None:
    """All 155 shapes can be written as JSON Schema, in both strengths."""
    names = list(document()["schemas"])
    assert len(names) == 155
    for written in (strict_schema, lenient_schema):
        # Each refers to the others: checked one by one, most would be checked a hundred times.
        definitions = {name: written(name)["$defs"][name] for name in names}
        for name in names:
            assert written(name)["$ref"] == f"#/$defs/{name}"
            assert written(name)["$defs"].items() <= definitions.items()
        Draft202012Validator.check_schema({**written(names[0]), "$defs": definitions})


def test_every_reference_leads_to_a_definition() -> None:
    """A schema holds all it refers to, however deep and however circular."""
    for name in document()["schemas"]:
        schema = strict_schema(name)
        for definition in schema["$defs"].values():
            text = str(definition)
            assert all(
                piece.split("'")[0] in schema["$defs"] for piece in text.split("#/$defs/")[1:]
            )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("LoyaltyObject", {"locations": []}),
        ("LoyaltyObject", {"state": "active"}),
        ("LoyaltyClass", {"wordMark": {}}),
        ("LoyaltyClass", {"reviewStatus": "underReview"}),
        ("Barcode", {"type": "qrCode"}),
        ("Barcode", {"type": "EAN13"}),
    ],
)
def test_what_google_calls_deprecated_is_known_but_not_sent(
    name: str, body: Mapping[str, Any]
) -> None:
    """Old fields and old spellings are accepted from Google, and refused from us."""
    assert is_lenient(name, body)
    assert not is_strict(name, body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("LoyaltyObject", {"statee": "ACTIVE"}),
        ("LoyaltyObject", {"state": "Active"}),
        ("LoyaltyObject", {"notifyPreference": "notifyOnUpdate"}),
        ("LoyaltyPointsBalance", {"int": 1.5}),
        ("LoyaltyPointsBalance", {"int": 2**31}),
        ("LoyaltyPointsBalance", {"string": 6}),
        ("LoyaltyPointsBalance", {"money": {"micros": 1000000}}),
        ("Message", {"messageType": "PUSH"}),
    ],
)
def test_what_google_does_not_know_is_refused_in_both(name: str, body: Mapping[str, Any]) -> None:
    """A typo, a wrong type, a number too large and an unknown value are found without Google."""
    assert not is_lenient(name, body)
    assert not is_strict(name, body)


def test_a_card_as_google_documents_it_is_valid_in_both() -> None:
    """What the reference shows as a loyalty object passes."""
    body = {
        "id": "3388000000012345678.card",
        "classId": "3388000000012345678.program",
        "state": "ACTIVE",
        "loyaltyPoints": {"label": "Points", "balance": {"money": {"micros": "5000000"}}},
        "barcode": {"type": "QR_CODE", "value": "x"},
        "notifyPreference": "NOTIFY_ON_UPDATE",
    }
    assert is_lenient("LoyaltyObject", body)
    assert is_strict("LoyaltyObject", body)


def test_an_unknown_shape_has_no_schema() -> None:
    """A misspelt name is an error, not a schema that lets everything pass."""
    with pytest.raises(KeyError):
        strict_schema("LoyaltyThing")


def test_the_method_table_is_the_documents() -> None:
    """All 99 calls are listed, and nothing can be deleted."""
    verbs = Counter(method.verb for method in methods())
    assert sum(verbs.values()) == 99
    assert set(verbs) == {"GET", "PATCH", "POST", "PUT"}


def test_the_calls_we_make_are_described() -> None:
    """The path, body and answer of the calls for loyalty cards are those of the reference."""
    by_id = {method.id.removeprefix("walletobjects."): method for method in methods()}
    patch = by_id["loyaltyobject.patch"]
    assert (patch.verb, patch.path) == ("PATCH", "walletobjects/v1/loyaltyObject/{resourceId}")
    assert (patch.request, patch.response) == ("LoyaltyObject", "LoyaltyObject")
    assert by_id["loyaltyobject.list"].query == {"classId", "maxResults", "token"}
    assert by_id["loyaltyobject.get"].request is None
    assert by_id["loyaltyclass.addmessage"].request == "AddMessageRequest"
