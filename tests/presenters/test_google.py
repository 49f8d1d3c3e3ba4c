"""A stamp card as Google Wallet shows it: what it says, and that Google's own schema agrees."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from gateway.domain.programs import Look, ProgramVersion, StampRule
from gateway.presenters.google import (
    CardIds,
    ProgramFace,
    loyalty_class,
    loyalty_object,
    object_patch,
)
from gateway.presenters.stamp_card import StampCardFace, how_it_works, news, terms
from passes.google.bodies import class_body, object_body
from passes.google.ids import ClassId, ObjectId
from sandbox.google.discovery import REVISION, document, strict_schema

# Time is no promise here: a busy machine draws slowly.
DRAWN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ISSUER = "3388000000012345678"
IDS = CardIds(ObjectId(ISSUER, "k3v9q2m7x4k3v9q2m7x4k3v9q2"), ClassId(ISSUER, "p0a1b2c3"))
VERSION = ProgramVersion(
    id=UUID(int=1),
    program_id=UUID(int=2),
    number=1,
    name="Coffee card",
    rule=StampRule(target=10, reward="One free coffee"),
    look=Look(),
)
PROGRAM = ProgramFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    program=VERSION,
    logo_url="https://cards.example.com/logo.png",
    callback_url="https://cards.example.com/google/callbacks",
)
FACE = StampCardFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    code="LC1-ABCDEFGHIJ234567ABCD",
    version=7,
    program=VERSION,
    is_usable=True,
    available=6,
    reserved=0,
    opened_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    last_earned_at=None,
)

# What `check_version` lets a merchant write: up to 60 characters that print, and not all blank.
WORDS = some.text(max_size=60).filter(lambda text: text.isprintable() and bool(text.strip()))
COLOURS = some.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
VERSIONS = some.builds(
    ProgramVersion,
    id=some.just(UUID(int=1)),
    program_id=some.just(UUID(int=2)),
    number=some.integers(1, 1_000),
    name=WORDS,
    rule=some.builds(
        StampRule,
        target=some.integers(2, 50),
        reward=WORDS,
        cooldown=some.integers(0, 10_080).map(lambda minutes: timedelta(minutes=minutes)),
        daily_limit=some.integers(1, 50),
    ),
    look=some.builds(Look, background=COLOURS, foreground=COLOURS, label=COLOURS),
)
# A name is drawn from everything, half surrogate pairs included.
NAMES = some.text(some.characters(), max_size=80)
PROGRAMS = some.builds(replace, some.just(PROGRAM), merchant_name=NAMES, program=VERSIONS)
FACES = some.builds(
    replace,
    some.just(FACE),
    merchant_name=NAMES,
    program=VERSIONS,
    is_usable=some.booleans(),
    available=some.integers(0, 100_000),
    reserved=some.sampled_from([0, 10]),
)


def complaints(name: str, body: dict[str, Any]) -> list[str]:
    """Return what Google's own description has against a body of ours."""
    assert document()["revision"] == REVISION == "20260806"
    validator = Draft202012Validator(strict_schema(name))
    return [error.message for error in validator.iter_errors(body)]


@DRAWN
@given(PROGRAMS)
def test_every_program_is_a_class_google_accepts(face: ProgramFace) -> None:
    """Whatever merchants write and however their cards look."""
    assert complaints("LoyaltyClass", class_body(loyalty_class(IDS.class_id, face))) == []


@DRAWN
@given(FACES)
def test_every_card_is_an_object_google_accepts(face: StampCardFace) -> None:
    """Whatever stands on a card, new or changed, told of or not."""
    assert complaints("LoyaltyObject", object_body(loyalty_object(IDS, face))) == []
    assert complaints("LoyaltyObject", object_patch(IDS, face, notify=False)) == []
    assert complaints("LoyaltyObject", object_patch(IDS, face, notify=True)) == []


def test_a_class_says_what_all_cards_share() -> None:
    """Names, colour, logo with words for those who cannot see it, callback and a way to us."""
    body = class_body(loyalty_class(IDS.class_id, PROGRAM))
    assert (body["issuerName"], body["programName"]) == ("Café Sonne", "Coffee card")
    assert body["hexBackgroundColor"] == "#1f4d3a"
    assert body["programLogo"] == {
        "sourceUri": {"uri": "https://cards.example.com/logo.png"},
        "contentDescription": {"defaultValue": {"language": "en", "value": "Logo of Café Sonne"}},
    }
    assert body["callbackOptions"] == {"url": "https://cards.example.com/google/callbacks"}
    assert body["linksModuleData"]["uris"][0]["uri"] == "https://cards.example.com"


@pytest.mark.parametrize(
    ("available", "stamps", "rewards"),
    [(0, "0/10", 0), (6, "6/10", 0), (10, "10/10", 1), (23, "3/10", 2)],
)
def test_the_two_numbers_are_stamps_and_rewards(available: int, stamps: str, rewards: int) -> None:
    """The face of the card says how far it is, and what is ready."""
    body = object_body(loyalty_object(IDS, replace(FACE, available=available)))
    assert body["loyaltyPoints"] == {"label": "Stamps", "balance": {"string": stamps}}
    assert body["secondaryLoyaltyPoints"] == {"label": "Rewards", "balance": {"int": rewards}}


def test_the_barcode_is_the_code_and_can_be_read_aloud() -> None:
    """When a scanner fails, the code under it is typed."""
    assert object_body(loyalty_object(IDS, FACE))["barcode"] == {
        "type": "QR_CODE",
        "value": FACE.code,
        "alternateText": FACE.code,
    }


def test_the_texts_are_the_same_as_on_an_iphone() -> None:
    """One card says one thing, whatever wallet it is in."""
    modules = object_body(loyalty_object(IDS, FACE))["textModulesData"]
    assert {module["id"]: module["body"] for module in modules} == {
        "news": news(FACE),
        "reward": "One free coffee",
        "how": how_it_works(VERSION.rule),
        "terms": terms(VERSION.rule),
    }


def test_a_card_that_cannot_be_used_moves_to_the_expired_ones() -> None:
    """And comes back when it can be used again: nothing is ever deleted at Google."""
    assert object_body(loyalty_object(IDS, FACE))["state"] == "ACTIVE"
    unusable = object_body(loyalty_object(IDS, replace(FACE, is_usable=False)))
    assert unusable["state"] == "INACTIVE"
    assert "ask at the counter" in unusable["textModulesData"][0]["body"]


def test_a_patch_says_everything_the_card_says() -> None:
    """Google replaces arrays as a whole, so an unrelated text survives a stamp."""
    patch = object_patch(IDS, FACE, notify=False)
    assert {"id": str(IDS.object_id), **patch} == object_body(loyalty_object(IDS, FACE))
    assert "messages" not in patch


def test_a_patch_tells_the_phone_only_when_asked() -> None:
    """Three times a day at most; beyond that Google refuses the whole call."""
    assert object_patch(IDS, FACE, notify=True)["notifyPreference"] == "NOTIFY_ON_UPDATE"
    assert "notifyPreference" not in object_patch(IDS, FACE, notify=False)


def test_every_place_on_the_face_is_filled() -> None:
    """Each path of the class leads to something the object has."""
    template = class_body(loyalty_class(IDS.class_id, PROGRAM))["classTemplateInfo"]
    paths = re.findall(r"'fieldPath': [\"']object\.(.+?)[\"']\}", str(template))
    card = object_body(loyalty_object(IDS, FACE))
    modules = {f"textModulesData['{module['id']}']" for module in card["textModulesData"]}
    points = {"loyaltyPoints.balance", "secondaryLoyaltyPoints.balance"}
    assert set(paths) == points | {"textModulesData['reward']"}
    assert set(paths) <= modules | {f"{name}.balance" for name in card}
