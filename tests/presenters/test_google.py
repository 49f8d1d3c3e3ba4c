"""A stamp card as Google Wallet shows it: what it says, and that Google's own schema agrees."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Limits, Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.wording import Language
from gateway.presenters.card_face import CardFace, Prize
from gateway.presenters.card_words import news
from gateway.presenters.google import (
    CardIds,
    ProgramFace,
    loyalty_class,
    loyalty_object,
    object_patch,
)
from gateway.presenters.rule_words import how_it_works, terms
from passes.google.bodies import class_body, object_body
from passes.google.ids import ClassId, ObjectId
from sandbox.google.discovery import REVISION, document, strict_schema
from sandbox.google.merging import without_nulls
from tests.plans import (
    hybrid_plan,
    points_plan,
    punch_plan,
    spending_plan,
    stamp_plan,
    tier_plan,
    visit_plan,
)

# Time is no promise here: a busy machine draws slowly.
DRAWN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ISSUER = "3388000000012345678"
IDS = CardIds(ObjectId(ISSUER, "k3v9q2m7x4k3v9q2m7x4k3v9q2"), ClassId(ISSUER, "p0a1b2c3"))
VERSION = ProgramVersion(
    id=UUID(int=1),
    program_id=UUID(int=2),
    number=1,
    name="Coffee card",
    plan=stamp_plan(10, "One free coffee"),
    look=Look(),
)
PROGRAM = ProgramFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    program=VERSION,
    logo_url="https://cards.example.com/logo.png",
    callback_url="https://cards.example.com/google/callbacks",
)


def stamps(available: int) -> Balances:
    """Return the balances of a card with so many stamps."""
    return {"stamp": {Account.AVAILABLE: available}}


def held(available: int, reserved: int) -> Balances:
    """Return balances of everything that a plan can give."""
    units = ("point", "stamp", "voucher:spending", "voucher:visits")
    return {unit: {Account.AVAILABLE: available, Account.RESERVED: reserved} for unit in units}


FACE = CardFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    code="LC1-ABCDEFGHIJ234567ABCD",
    version=7,
    program=VERSION,
    is_usable=True,
    balances=stamps(6),
    opened_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    last_earned_at=None,
)

# What `check_version` lets a merchant write: up to 60 characters that print, and not all blank.
WORDS = some.text(max_size=60).filter(lambda text: text.isprintable() and bool(text.strip()))
COLOURS = some.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
STAMPS = some.builds(
    StampRule,
    stamps_required=some.integers(2, 50),
    reward=some.builds(FreeItem, description=WORDS),
)
OTHERS = [
    hybrid_plan(),
    points_plan(),
    punch_plan(),
    spending_plan(),
    tier_plan(),
    visit_plan(),
    visit_plan(in_a_row=True),
]
PLANS = some.sampled_from(OTHERS) | some.builds(
    Plan,
    rules=some.tuples(STAMPS),
    limits=some.builds(
        Limits, cooldown_minutes=some.integers(0, 10_080), daily_limit=some.integers(1, 50)
    ),
)
VERSIONS = some.builds(
    ProgramVersion,
    id=some.just(UUID(int=1)),
    program_id=some.just(UUID(int=2)),
    number=some.integers(1, 1_000),
    name=WORDS,
    plan=PLANS,
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
    balances=some.builds(held, some.integers(-100, 100_000), some.sampled_from([0, 10])),
    memory=some.builds(
        lambda count: {"spending": RuleMemory(count=count), "visits": RuleMemory(count=count % 5)},
        some.integers(0, 20_000),
    ),
    tier=some.sampled_from([None, "silver", "gold", "platinum"]),
    prizes=some.sampled_from([(), (Prize(name="A cake", cost=500),)]),
)


def complaints(name: str, body: dict[str, Any]) -> list[str]:
    """Return what Google's own description has against a body of ours."""
    assert document()["revision"] == REVISION == "20260806"
    validator = Draft202012Validator(strict_schema(name))
    return [error.message for error in validator.iter_errors(without_nulls(body))]


@DRAWN
@given(PROGRAMS)
def test_every_program_is_a_class_google_accepts(face: ProgramFace) -> None:
    """Whatever merchants write and however their cards look."""
    assert complaints("LoyaltyClass", class_body(loyalty_class(IDS.class_id, face))) == []


@DRAWN
@given(FACES)
def test_every_card_is_an_object_google_accepts(face: CardFace) -> None:
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
        "contentDescription": {
            "defaultValue": {"language": "en", "value": "Logo of Café Sonne"},
            "translatedValues": [
                {"language": "fr", "value": "Logo : Café Sonne"},
                {"language": "de", "value": "Logo: Café Sonne"},
                {"language": "lb", "value": "Logo: Café Sonne"},
            ],
        },
    }
    assert body["callbackOptions"] == {"url": "https://cards.example.com/google/callbacks"}
    assert body["linksModuleData"]["uris"][0]["uri"] == "https://cards.example.com"


@pytest.mark.parametrize(
    ("available", "shown", "rewards"),
    [(0, "0/10", 0), (6, "6/10", 0), (10, "10/10", 1), (23, "3/10", 2)],
)
def test_the_two_numbers_are_stamps_and_rewards(available: int, shown: str, rewards: int) -> None:
    """The face of the card says how far it is, and what is ready."""
    body = object_body(loyalty_object(IDS, replace(FACE, balances=stamps(available))))
    assert body["loyaltyPoints"] == {"label": "Stamps", "balance": {"string": shown}}
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
        "how": how_it_works(VERSION.plan, Language.EN),
        "terms": terms(VERSION.plan, Language.EN),
    }


def test_a_card_that_cannot_be_used_moves_to_the_expired_ones() -> None:
    """And comes back when it can be used again: nothing is ever deleted at Google."""
    assert object_body(loyalty_object(IDS, FACE))["state"] == "ACTIVE"
    unusable = object_body(loyalty_object(IDS, replace(FACE, is_usable=False)))
    assert unusable["state"] == "INACTIVE"
    assert "ask at the counter" in unusable["textModulesData"][0]["body"]


def test_a_card_whose_program_ended_is_good_until_what_it_holds_is_over() -> None:
    """Google moves it to the expired ones by itself; until then it says how long that is."""
    until = datetime(2027, 3, 31, 22, tzinfo=UTC)
    face = replace(FACE, stage="Ended. Use it.", expires_at=until)
    ended = object_body(loyalty_object(IDS, face))
    assert ended["state"] == "ACTIVE"
    assert ended["validTimeInterval"]["end"]["date"].startswith("2027-03-31T22:00")
    assert ended["textModulesData"][0]["body"].startswith("Ended. Use it. You have")


def test_a_patch_says_everything_the_card_says() -> None:
    """Google replaces arrays as a whole, so an unrelated text survives a stamp."""
    patch = without_nulls(object_patch(IDS, FACE, notify=False))
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


@pytest.mark.parametrize(
    ("plan", "label", "balance", "rewards"),
    [
        (punch_plan(), "Punches", {"string": "3/5"}, 0),
        (points_plan(), "Points", {"int": 340}, 1),
        (spending_plan(), "Spent", {"money": {"micros": "12500000", "currencyCode": "EUR"}}, 2),
        (visit_plan(), "Visits", {"string": "3/5"}, 0),
        (tier_plan(), "Points", {"int": 340}, 1),
        (hybrid_plan(), "Stamps", {"string": "3/3"}, 2),
    ],
)
def test_every_kind_of_card_says_what_it_counts(
    plan: Plan, label: str, balance: dict[str, object], rewards: int
) -> None:
    """Points are a whole number and spending is money, which phones write in their own way."""
    face = replace(
        FACE,
        program=replace(VERSION, plan=plan),
        balances={
            "point": {Account.AVAILABLE: 340},
            "stamp": {Account.AVAILABLE: 3},
            "voucher:spending": {Account.AVAILABLE: 2},
        },
        memory={"spending": RuleMemory(count=1250), "visits": RuleMemory(count=3)},
        prizes=(Prize(name="A cookie", cost=100), Prize(name="A cake", cost=500)),
    )
    has_points = any(rule.unit == "point" for rule in plan.rules if not isinstance(rule, TierRule))
    body = object_body(loyalty_object(IDS, face if has_points else replace(face, prizes=())))

    assert body["loyaltyPoints"] == {"label": label, "balance": balance}
    assert body["secondaryLoyaltyPoints"] == {"label": "Rewards", "balance": {"int": rewards}}


def test_a_level_and_what_it_brings_stand_on_the_card() -> None:
    """Also for who has none yet, so that the place on the face is never empty."""
    program = replace(VERSION, plan=tier_plan())
    gold = object_body(loyalty_object(IDS, replace(FACE, program=program, tier="gold")))
    none = object_body(loyalty_object(IDS, replace(FACE, program=program)))
    falling = replace(FACE, program=program, tier="silver", falls_on=date(2027, 1, 1))
    french = replace(falling, language=Language.FR)
    levels = [
        module["body"]
        for body in (gold, none, *(object_body(loyalty_object(IDS, f)) for f in (falling, french)))
        for module in body["textModulesData"]
        if module["id"] == "tier"
    ]
    rows = str(class_body(loyalty_class(IDS.class_id, replace(PROGRAM, program=program))))

    assert levels == [
        "Gold: A free birthday coffee, Double points",
        "None yet",
        "Silver, ends on 1 January 2027: A free birthday coffee",
        "Silver, prend fin le 1er janvier 2027: A free birthday coffee",
    ]
    assert "textModulesData['tier']" in rows


@pytest.mark.parametrize("language", sorted(set(Language) - {Language.EN}))
@pytest.mark.parametrize("plan", [stamp_plan(), spending_plan(), tier_plan()])
def test_a_card_speaks_its_customers_language_and_no_other(language: Language, plan: Plan) -> None:
    """Each text says which it is, and has no translation that a phone would prefer."""
    program = replace(VERSION, plan=plan)
    body = object_body(loyalty_object(IDS, replace(FACE, program=program, language=language)))
    texts = [
        *(module["localizedHeader"] for module in body["textModulesData"]),
        *(module["localizedBody"] for module in body["textModulesData"]),
        body["loyaltyPoints"]["localizedLabel"],
        body["secondaryLoyaltyPoints"]["localizedLabel"],
    ]

    assert {text["defaultValue"]["language"] for text in texts} == {language}
    assert not any("translatedValues" in text for text in texts)
    assert not list(Draft202012Validator(strict_schema("LoyaltyObject")).iter_errors(body))
    for module in body["textModulesData"]:
        assert module["body"] == module["localizedBody"]["defaultValue"]["value"]


def test_a_patch_to_english_leaves_no_other_language_behind() -> None:
    """Google leaves alone what is not sent, and would go on to show the label of before."""
    patch = object_patch(IDS, FACE, notify=False)
    assert patch["loyaltyPoints"]["localizedLabel"] is None
    german = object_patch(IDS, replace(FACE, language=Language.DE), notify=False)
    assert german["loyaltyPoints"]["localizedLabel"]["defaultValue"]["value"] == "Stempel"


def test_a_class_is_everybodys() -> None:
    """Its merchant's language first, and the others for phones that speak them."""
    body = class_body(loyalty_class(IDS.class_id, replace(PROGRAM, language=Language.FR)))
    described = body["programLogo"]["contentDescription"]

    assert described["defaultValue"] == {"language": "fr", "value": "Logo : Café Sonne"}
    assert [each["language"] for each in described["translatedValues"]] == ["en", "de", "lb"]
    assert not list(Draft202012Validator(strict_schema("LoyaltyClass")).iter_errors(body))
