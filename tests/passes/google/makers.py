"""Classes, objects and messages as Google takes them, and the schemas that judge their bodies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from jsonschema import Draft202012Validator

from passes.google.card import (
    Barcode,
    CardRow,
    Image,
    LoyaltyClass,
    LoyaltyObject,
    MerchantLocation,
    State,
)
from passes.google.ids import ClassId, ObjectId
from passes.google.points import Points
from passes.google.texts import Link, LocalizedString, Message, TextModule, TimeInterval
from sandbox.google.discovery import strict_schema
from sandbox.google.merging import without_nulls

NOW = datetime(2026, 3, 14, 15, 9, 26, 535_000, tzinfo=UTC)
ISSUER = "3388000000012345678"
CLASS_ID = ClassId(ISSUER, "p0a1b2c3d4e5f")
OBJECT_ID = ObjectId(ISSUER, "k3v9q2m7x4k3v9q2m7x4k3v9q2")

MESSAGE = Message(id="spring", header=LocalizedString("News"), body=LocalizedString("Hello"))
MODULE = TextModule("terms", LocalizedString("Terms"), LocalizedString("Be kind."))
WHOLE_CLASS = LoyaltyClass(
    id=CLASS_ID,
    issuer_name=LocalizedString("Café Sonne"),
    program_name=LocalizedString("Coffee card", "en", {"fr": "Carte café"}),
    program_logo=Image("https://example.com/logo.png", LocalizedString("Logo")),
    background="#1f4d3a",
    hero_image=Image("https://example.com/hero.png", LocalizedString("Cups", "en", {"de": "T"})),
    callback_url="https://example.com/google/callbacks",
    card_rows=(
        CardRow(("object.loyaltyPoints.balance",)),
        CardRow(("object.loyaltyPoints.label", "class.textModulesData['terms']")),
        CardRow(("class.issuerName", "class.programName", "object.textModulesData['reward']")),
    ),
    text_modules=(MODULE,),
    links=(Link("site", "https://example.com", LocalizedString("Café")),),
    merchant_locations=(MerchantLocation(52.52, 13.4),),
)
WHOLE_OBJECT = LoyaltyObject(
    id=OBJECT_ID,
    class_id=CLASS_ID,
    state=State.ACTIVE,
    points=Points(LocalizedString("Stamps"), "6/10"),
    secondary_points=Points(LocalizedString("Rewards"), 2),
    barcode=Barcode("LC1-ABCDEFGHIJ234567ABCD", alternate_text="LC1-ABCD"),
    text_modules=(MODULE,),
    links=(Link("site", "tel:+4930123456", LocalizedString("Call us")),),
    messages=(MESSAGE,),
    valid=TimeInterval(start=NOW),
)


def make_class(**changes: Any) -> LoyaltyClass:  # noqa: ANN401 -- any value may change
    """Give a class with everything in it, some of its values changed."""
    return replace(WHOLE_CLASS, **changes)


def make_object(**changes: Any) -> LoyaltyObject:  # noqa: ANN401 -- any value may change
    """Give an object with everything in it, some of its values changed."""
    return replace(WHOLE_OBJECT, **changes)


def complaints(name: str, body: Mapping[str, Any]) -> list[str]:
    """Return what Google's own description has against a body of ours.

    It does not know null, by which a patch takes something away.
    """
    validator = Draft202012Validator(strict_schema(name))
    return [error.message for error in validator.iter_errors(without_nulls(body))]
