"""The JSON Schema of a configuration says what the reader does."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from gateway.domain.configurations.describing import DIALECT, definitions, json_schema
from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Note,
    Pattern,
    Places,
    Positive,
)
from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.windows import Period
from tests.configurations import bent, instances

FORMATS = FormatChecker(["date", "uuid"])
VALIDATOR = Draft202012Validator(json_schema(Plan), format_checker=FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cup:
    """Holds tea or coffee.

    But no soup.
    """

    kind: ClassVar[str] = "cup"

    name: Annotated[str, Characters(9), Note("Its name."), Note("Its own name.")]
    code: Annotated[str, Pattern("[a-z]", "")] | None = None
    price: Annotated[Decimal, Places(2), Between(Decimal("0.01"), Decimal("9.5"), "")]
    rate: Annotated[Decimal, Places(4), Positive(7, "")] = Decimal("1.50")
    period: Period = Period.YEARLY
    shop: UUID
    since: datetime
    hot: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mug:
    """Holds more."""

    kind: ClassVar[str] = "mug"

    volume: Annotated[int, Between(1, 5, "")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Holds cups."""

    first: Cup | Mug
    other: Mug
    all: Annotated[tuple[Cup | Mug, ...], Items(1, 3)]
    places: Annotated[dict[Annotated[str, Pattern("[a-z]", "")], int], Items(0, 2)]
    size: int | str | tuple[str, ...]


def reads(document: object) -> bool:
    try:
        read(Plan, document)
    except ConfigurationInvalid:
        return False
    return True


def test_a_record_is_described_with_its_limits_notes_and_defaults() -> None:
    """By the first paragraph of its documentation, and closed to unknown fields."""
    uuid = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    cup = definitions(Cup)["Cup"]
    properties = cup.pop("properties")
    since = properties.pop("since")  # type: ignore[attr-defined] # an object of properties

    assert cup == {
        "description": "Holds tea or coffee.",
        "type": "object",
        "required": ["type", "name", "price", "shop", "since"],
        "additionalProperties": False,
    }
    assert (since["type"], since["format"]) == ("string", "date-time")
    assert properties == {
        "type": {"const": "cup"},
        "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 9,
            "pattern": r"\S",
            "description": "Its own name.",
        },
        "code": {"anyOf": [{"type": "string", "pattern": "^(?:[a-z])$"}, {"type": "null"}],
                 "default": None},
        "price": {
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": 9,
            "pattern": r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?$",
        },
        "rate": {
            "type": ["integer", "string"],
            "exclusiveMinimum": 0,
            "maximum": 7,
            "pattern": r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?$",
            "default": "1.5",
        },
        "period": {"$ref": "#/$defs/Period", "default": "yearly"},
        "shop": {"type": "string", "format": "uuid", "pattern": f"^{uuid}$"},
        "hot": {"type": "boolean", "default": True},
    }  # fmt: skip


def test_unions_lists_and_tables_are_described() -> None:
    """Members of a union by reference, with the type that tells them apart."""
    described = definitions(Shelf, "#/components/schemas/{name}")
    cup, mug = ({"$ref": f"#/components/schemas/{name}"} for name in ("Cup", "Mug"))
    choice = {
        "oneOf": [cup, mug],
        "discriminator": {
            "propertyName": "type",
            "mapping": {"cup": cup["$ref"], "mug": mug["$ref"]},
        },
    }

    assert list(described) == ["Cup", "Mug", "Period", "Shelf"]
    assert described["Period"] == {
        "description": "How long something counts before it begins at zero again.",
        "enum": ["monthly", "quarterly", "yearly", "lifetime"],
    }
    assert described["Shelf"]["properties"] == {
        "first": choice,
        "other": mug,
        "all": {"type": "array", "items": choice, "minItems": 1, "maxItems": 3},
        "places": {
            "type": "object",
            "propertyNames": {"type": "string", "pattern": "^(?:[a-z])$"},
            "additionalProperties": {"type": "integer"},
            "minProperties": 0,
            "maxProperties": 2,
        },
        "size": {
            "anyOf": [
                {"type": "integer"},
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}},
            ]
        },
    }


def test_the_schema_of_a_plan_is_a_valid_schema() -> None:
    """Of the dialect it names, with everything that a plan is made of."""
    schema = json_schema(Plan)

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$ref"] == "#/$defs/Plan"
    assert schema["$defs"] == definitions(Plan)


@settings(max_examples=40)  # a plan takes long to draw
@given(instances(Plan))
def test_the_schema_takes_whatever_is_read(plan: Plan) -> None:
    """A form built from the schema never refuses what we would accept."""
    VALIDATOR.validate(written(plan))


@settings(max_examples=40)  # a plan takes long to draw
@given(bent(instances(Plan).map(written)))
def test_schema_and_reader_agree_on_a_spoilt_document(document: dict[str, object]) -> None:
    """A field too many, a field too few, a value of another kind: both see it, or neither."""
    assert VALIDATOR.is_valid(document) == reads(document)


@pytest.mark.parametrize(
    "document",
    [
        {"rules": [{"type": "points_based", "points_per_dollar": "0"}]},
        {"rules": [{"type": "points_based", "points_per_dollar": 1, "redemption_rate": 5.0}]},
    ],
)
def test_only_the_reader_knows_what_a_schema_cannot_say(document: dict[str, object]) -> None:
    """The size of a number in a text, and that 5.0 is no whole number of ours."""
    assert VALIDATOR.is_valid(document)
    assert not reads(document)
