"""The bodies of calls: what they say, and that Google's own description has nothing against it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from passes.errors import InvalidPass
from passes.google.bodies import class_body, message_body, object_body, object_patch_body
from passes.google.card import (
    Barcode,
    BarcodeType,
    CardRow,
    Image,
    LoyaltyClass,
    LoyaltyObject,
    MerchantLocation,
    State,
)
from passes.google.points import Balance, Money, Points
from passes.google.texts import (
    AddMessageRequest,
    Link,
    LocalizedString,
    Message,
    MessageType,
    TextModule,
    TimeInterval,
)
from sandbox.google.merging import without_nulls
from tests.passes.google.makers import (
    CLASS_ID,
    MESSAGE,
    NOW,
    OBJECT_ID,
    complaints,
    make_class,
    make_object,
)

# Time is no promise here: a busy machine draws slowly.
DRAWN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = some.text(some.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
TEXTS = some.builds(
    LocalizedString,
    WORDS,
    some.sampled_from(["en", "de-AT", "zh-Hant-HK"]),
    some.dictionaries(some.sampled_from(["fr", "lb"]), WORDS),
)
NAMES = some.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)
MODULES = some.lists(
    some.builds(TextModule, NAMES, TEXTS, TEXTS), max_size=10, unique_by=lambda each: each.id
)
LINKS = some.lists(
    some.builds(
        Link, NAMES, some.sampled_from(["https://x.lu/?a=1", "tel:+352", "geo:1,2"]), TEXTS
    ),
    max_size=3,
    unique_by=lambda each: each.id,
)
BALANCES = some.one_of(
    WORDS,
    some.integers(-(2**31), 2**31 - 1),
    some.floats(allow_nan=False, allow_infinity=False),
    some.builds(Money, some.integers(-(2**63), 2**63 - 1), some.sampled_from(["EUR", "CHF"])),
)
POINTS = some.builds(Points, TEXTS, BALANCES)
MOMENTS = some.datetimes(timezones=some.just(UTC))
INTERVALS = some.one_of(
    some.builds(TimeInterval, start=MOMENTS), some.builds(TimeInterval, end=MOMENTS)
)
IMAGES = some.builds(Image, some.just("https://example.com/a.png"), TEXTS)
MESSAGES = some.builds(
    Message,
    id=NAMES,
    header=TEXTS,
    body=TEXTS,
    type=some.sampled_from(MessageType),
    shown=some.none() | INTERVALS,
)
ROWS = some.lists(
    some.lists(some.just("object.loyaltyPoints.balance"), min_size=1, max_size=3).map(
        lambda paths: CardRow(tuple(paths))
    ),
    max_size=3,
)
CLASSES = some.builds(
    LoyaltyClass,
    id=some.just(CLASS_ID),
    issuer_name=TEXTS,
    program_name=TEXTS,
    program_logo=IMAGES,
    background=some.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True),
    hero_image=some.none() | IMAGES,
    callback_url=some.none() | some.just("https://example.com/callbacks"),
    card_rows=ROWS.map(tuple),
    text_modules=MODULES.map(tuple),
    links=LINKS.map(tuple),
    merchant_locations=some.lists(
        some.builds(MerchantLocation, some.floats(-90, 90), some.floats(-180, 180)), max_size=10
    ).map(tuple),
)
OBJECTS = some.builds(
    LoyaltyObject,
    id=some.just(OBJECT_ID),
    class_id=some.just(CLASS_ID),
    state=some.sampled_from(State),
    points=POINTS,
    secondary_points=some.none() | POINTS,
    barcode=some.none() | some.builds(Barcode, WORDS, some.sampled_from(BarcodeType), WORDS),
    text_modules=MODULES.map(tuple),
    links=LINKS.map(tuple),
    messages=some.none() | some.lists(MESSAGES, max_size=10).map(tuple),
    valid=some.none() | INTERVALS,
)


@DRAWN
@given(CLASSES)
def test_every_class_is_one_that_google_describes(content: LoyaltyClass) -> None:
    """No unknown field, no deprecated one, no legacy value, whatever merchants write."""
    assert complaints("LoyaltyClass", class_body(content)) == []


@DRAWN
@given(OBJECTS)
def test_every_object_and_patch_is_one_that_google_describes(
    content: LoyaltyObject,
) -> None:
    """No unknown field, no deprecated one, no legacy value, whatever stands on a card."""
    assert complaints("LoyaltyObject", object_body(content)) == []
    assert complaints("LoyaltyObject", object_patch_body(content, notify=False)) == []
    assert complaints("LoyaltyObject", object_patch_body(content, notify=True)) == []


@DRAWN
@given(MESSAGES)
def test_every_message_is_one_that_google_describes(message: Message) -> None:
    """Messages as well, with and without a time to be shown."""
    assert complaints("AddMessageRequest", message_body(AddMessageRequest(message))) == []


@DRAWN
@given(CLASSES)
def test_every_class_asks_for_review_and_for_one_holder(content: LoyaltyClass) -> None:
    """Each write of an approved class must ask again; a leaked link gives nobody the card."""
    body = class_body(content)
    assert body["reviewStatus"] == "UNDER_REVIEW"
    assert body["multipleDevicesAndHoldersAllowedStatus"] == "ONE_USER_ALL_DEVICES"


@pytest.mark.parametrize(
    ("balance", "written"),
    [
        ("6/10", {"string": "6/10"}),
        (12, {"int": 12}),
        (12.5, {"double": 12.5}),
        (Money(5_000_000, "EUR"), {"money": {"micros": "5000000", "currencyCode": "EUR"}}),
    ],
)
def test_a_balance_is_exactly_one_of_four_kinds(balance: Balance, written: object) -> None:
    """Google refuses none and two; micros are digits in a string."""
    points = Points(LocalizedString("Points"), balance)
    body = object_body(make_object(points=points, secondary_points=points))
    assert body["loyaltyPoints"] == {"label": "Points", "balance": written}
    assert body["secondaryLoyaltyPoints"] == body["loyaltyPoints"]


def test_a_class_is_written_as_google_documents_it() -> None:
    """Every part of a class at its place."""
    body = class_body(make_class())
    assert body["id"] == str(CLASS_ID)
    assert (body["issuerName"], body["programName"]) == ("Café Sonne", "Coffee card")
    assert "localizedIssuerName" not in body
    assert body["localizedProgramName"] == {
        "defaultValue": {"language": "en", "value": "Coffee card"},
        "translatedValues": [{"language": "fr", "value": "Carte café"}],
    }
    assert body["programLogo"] == {
        "sourceUri": {"uri": "https://example.com/logo.png"},
        "contentDescription": {"defaultValue": {"language": "en", "value": "Logo"}},
    }
    assert body["callbackOptions"] == {"url": "https://example.com/google/callbacks"}
    assert body["merchantLocations"] == [{"latitude": 52.52, "longitude": 13.4}]
    assert body["textModulesData"] == [{"id": "terms", "header": "Terms", "body": "Be kind."}]
    assert body["linksModuleData"] == {
        "uris": [{"id": "site", "uri": "https://example.com", "description": "Café"}]
    }


def test_a_text_that_is_not_english_says_what_it_is() -> None:
    """In its one language, without a translation that a phone could show instead."""
    body = class_body(make_class(program_name=LocalizedString("Kaffeekarte", "de")))

    assert body["programName"] == "Kaffeekarte"
    assert body["localizedProgramName"] == {
        "defaultValue": {"language": "de", "value": "Kaffeekarte"}
    }


def test_a_row_is_the_one_kind_that_fits_its_values() -> None:
    """One, two or three items, each pointing to one field."""
    rows = class_body(make_class())["classTemplateInfo"]["cardTemplateOverride"]
    kinds = [list(row) for row in rows["cardRowTemplateInfos"]]
    assert kinds == [["oneItem"], ["twoItems"], ["threeItems"]]
    assert rows["cardRowTemplateInfos"][0]["oneItem"] == {
        "item": {"firstValue": {"fields": [{"fieldPath": "object.loyaltyPoints.balance"}]}}
    }


def test_a_class_without_locations_does_not_mention_them() -> None:
    """An issuer who may not use them is refused over the field alone."""
    bare = make_class(merchant_locations=(), hero_image=None, callback_url=None)
    assert (
        class_body(bare).keys().isdisjoint({"merchantLocations", "heroImage", "callbackOptions"})
    )


def test_a_patch_is_the_whole_card_but_its_name() -> None:
    """What Google shows afterwards does not depend on what it showed before."""
    content = make_object()
    patch = object_patch_body(content, notify=False)
    assert {"id": str(OBJECT_ID), **without_nulls(patch)} == object_body(content)


def test_a_patched_balance_is_of_one_kind_whatever_it_was() -> None:
    """The other kinds are taken away: two at once are one too many for Google."""
    patch = object_patch_body(make_object(), notify=False)
    for name in ("loyaltyPoints", "secondaryLoyaltyPoints"):
        balance = patch[name]["balance"]
        assert balance.keys() == {"string", "int", "double", "money"}
        assert sum(value is not None for value in balance.values()) == 1


def test_a_patch_empties_what_is_empty() -> None:
    """An array left out would stay as it was."""
    patch = object_patch_body(make_object(text_modules=(), links=(), messages=()), notify=False)
    assert patch["textModulesData"] == []
    assert patch["linksModuleData"] == {"uris": []}
    assert patch["messages"] == []


def test_messages_added_one_by_one_are_left_alone() -> None:
    """A patch that does not know of them does not take them off the card."""
    assert "messages" not in object_patch_body(make_object(messages=None), notify=True)


def test_a_phone_is_told_only_when_asked_for() -> None:
    """Google forgets the preference after each call and knows it by this name only."""
    assert object_patch_body(make_object(), notify=True)["notifyPreference"] == "NOTIFY_ON_UPDATE"
    assert "notifyPreference" not in object_patch_body(make_object(), notify=False)
    assert "notifyPreference" not in object_body(make_object())


def test_a_bare_object_says_no_more_than_it_knows() -> None:
    """Optional parts are left out rather than sent empty."""
    bare = make_object(secondary_points=None, barcode=None, messages=None, valid=None)
    assert (
        object_body(bare)
        .keys()
        .isdisjoint({"secondaryLoyaltyPoints", "barcode", "messages", "validTimeInterval"})
    )
    barcode = object_body(make_object(barcode=Barcode("x")))["barcode"]
    assert barcode == {"type": "QR_CODE", "value": "x"}


def test_a_message_is_written_as_google_documents_it() -> None:
    """Its id for us, its kind in capitals, and its times with their offset."""
    shown = TimeInterval(start=NOW, end=datetime(2026, 4, 1, tzinfo=timezone(timedelta(hours=2))))
    message = replace(MESSAGE, type=MessageType.TEXT_AND_NOTIFY, shown=shown)
    assert message_body(AddMessageRequest(message)) == {
        "message": {
            "id": "spring",
            "messageType": "TEXT_AND_NOTIFY",
            "header": "News",
            "body": "Hello",
            "displayInterval": {
                "start": {"date": "2026-03-14T15:09:26.535000+00:00"},
                "end": {"date": "2026-04-01T00:00:00+02:00"},
            },
        }
    }


def test_nothing_that_google_would_refuse_is_written() -> None:
    """A mistake is found before a call is made, and all of them at once."""
    wrong = Points(LocalizedString(""), "")
    with pytest.raises(InvalidPass) as caught:
        object_body(make_object(points=wrong))
    assert [problem.where for problem in caught.value.problems] == [
        "loyaltyPoints.label",
        "loyaltyPoints.balance.string",
    ]
    with pytest.raises(InvalidPass):
        object_patch_body(make_object(points=wrong), notify=False)
    with pytest.raises(InvalidPass):
        class_body(make_class(background="green"))
    with pytest.raises(InvalidPass):
        message_body(AddMessageRequest(replace(MESSAGE, id="a.b")))
