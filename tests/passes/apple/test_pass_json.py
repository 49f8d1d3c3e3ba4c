"""pass.json: what is written, and that the same values give the same bytes."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passes.apple.barcodes import Barcode, BarcodeFormat
from passes.apple.card import (
    Beacon,
    FeaturedAction,
    FeaturedActionType,
    Location,
    PosterGeneric,
    StoreCard,
)
from passes.apple.checks.validation import content_problems
from passes.apple.fields import (
    CurrencyFormat,
    DataDetector,
    DateFormat,
    DateStyle,
    Field,
    FieldValue,
    NumberFormat,
    NumberStyle,
    TextAlignment,
)
from passes.apple.pass_json import document, pass_json, wallet_date
from tests.passes.makers import make_pass, make_poster

# Every character but surrogates, halves of which cannot be written in UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def written(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any value may change
    parsed: dict[str, Any] = json.loads(pass_json(make_pass(**changes)))
    return parsed


def field_written(field: Field) -> dict[str, Any]:
    card = written(store_card=StoreCard(back=(field,)))
    entry: dict[str, Any] = card["storeCard"]["backFields"][0]
    return entry


def test_a_stamp_card_is_written_in_apples_words() -> None:
    """Every value of an ordinary card lands under the key Wallet reads, and nothing else does."""
    assert written() == {
        "formatVersion": 1,
        "passTypeIdentifier": "pass.com.example.loyalty",
        "teamIdentifier": "DEV1234567",
        "serialNumber": "k3v9q2",
        "organizationName": "Café Sonne",
        "description": "Stamp card of Café Sonne",
        "storeCard": {
            "headerFields": [
                {
                    "key": "stamps",
                    "value": "7 of 10",
                    "label": "Stamps",
                    "changeMessage": "You now have %@ stamps",
                }
            ],
            "secondaryFields": [{"key": "name", "value": "Anna", "label": "Member"}],
            "auxiliaryFields": [{"key": "reward", "value": "One free coffee", "label": "Reward"}],
            "backFields": [{"key": "contact", "value": "hello@example.com", "label": "Contact"}],
        },
        "featuredActions": [
            {"identifier": "menu", "type": "shop", "url": "https://example.com/menu"}
        ],
        "barcodes": [
            {
                "format": "PKBarcodeFormatQR",
                "message": "LC1-ABCDEFGHIJ234567ABCD",
                "messageEncoding": "iso-8859-1",
                "altText": "LC1-ABCD",
            }
        ],
        "backgroundColor": "rgb(59, 36, 23)",
        "foregroundColor": "rgb(255, 255, 255)",
        "labelColor": "rgb(242, 200, 121)",
        "webServiceURL": "https://example.com/apple",
        "authenticationToken": "t" * 43,
        "locations": [{"latitude": 52.52, "longitude": 13.4, "relevantText": "A coffee?"}],
    }


def test_what_is_rarely_used_is_written_too() -> None:
    """Expiry, beacons, store ids and the like have their places."""
    card = written(
        logo_text="Sonne",
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        voided=True,
        sharing_prohibited=True,
        associated_store_identifiers=(42,),
        app_launch_url="sonne://card",
        user_info={"program": [1, None, {"tier": "gold"}]},
        max_distance_m=100,
        beacons=(Beacon(proximity_uuid="f8f5", major=1, minor=2, relevant_text="Hi"),),
        locations=(Location(latitude=1.5, longitude=2.5, altitude=30.0),),
    )
    assert card["logoText"] == "Sonne"
    assert card["expirationDate"] == "2027-01-01T00:00:00Z"
    assert (card["voided"], card["sharingProhibited"]) == (True, True)
    assert card["associatedStoreIdentifiers"] == [42]
    assert card["appLaunchURL"] == "sonne://card"
    assert card["userInfo"] == {"program": [1, None, {"tier": "gold"}]}
    assert card["maxDistance"] == 100
    assert card["beacons"] == [
        {"proximityUUID": "f8f5", "major": 1, "minor": 2, "relevantText": "Hi"}
    ]
    assert card["locations"] == [{"latitude": 1.5, "longitude": 2.5, "altitude": 30.0}]


def test_the_token_of_a_pass_is_not_shown() -> None:
    """A pass may land in a log or a traceback; its secret may not."""
    content = make_pass()
    assert "tttt" not in repr(content)
    assert "https://example.com/apple" in repr(content)


def test_the_order_of_keys_is_no_change() -> None:
    """A dictionary filled in another order gives the same bytes."""
    user_info = {"b": {"d": 1, "c": 2}, "a": 3}
    turned = {"a": 3, "b": {"c": 2, "d": 1}}
    assert pass_json(make_pass(user_info=user_info)) == pass_json(make_pass(user_info=turned))


def test_nothing_is_written_for_what_is_absent() -> None:
    """A bare pass has no empty lists, nulls or false flags in it."""
    bare = written(
        store_card=StoreCard(),
        featured_actions=(),
        barcodes=(),
        colours=None,
        web_service=None,
        locations=(),
    )
    assert bare.keys() == {
        "formatVersion",
        "passTypeIdentifier",
        "teamIdentifier",
        "serialNumber",
        "organizationName",
        "description",
        "storeCard",
    }
    assert bare["storeCard"] == {}


def test_the_poster_stands_beside_the_store_card() -> None:
    """One pass.json serves iOS 27 and every phone before it."""
    poster = PosterGeneric(
        **{
            group: (Field(group, "x"),)
            for group in ("header", "primary", "footer", "back", "additional_info")
        }
    )
    card = written(poster=poster)
    assert card.keys() >= {"posterGeneric", "storeCard"}
    assert list(card["posterGeneric"]) == [
        "additionalInfoFields",
        "backFields",
        "footerFields",
        "headerFields",
        "primaryFields",
    ]
    assert written(poster=make_poster())["posterGeneric"].keys() == {
        "headerFields",
        "primaryFields",
        "footerFields",
    }


def test_a_place_is_named_by_identifier_and_other_actions_by_url() -> None:
    """Apple reads the target of a place from another key."""
    action = FeaturedAction("here", FeaturedActionType.PLACE, "I63802885C8189B2B")
    assert written(featured_actions=(action,))["featuredActions"] == [
        {"identifier": "here", "type": "place", "placeIdentifier": "I63802885C8189B2B"}
    ]


def test_formats_and_links_of_a_field_are_written() -> None:
    """Alignment, detectors, attributed value, dates, numbers and money."""
    field = Field(
        "k",
        "v",
        text_alignment=TextAlignment.RIGHT,
        attributed_value="<a href='https://example.com'>v</a>",
        data_detectors=(DataDetector.LINK,),
        value_format=DateFormat(
            date_style=DateStyle.SHORT,
            time_style=DateStyle.MEDIUM,
            is_relative=True,
            ignores_time_zone=True,
        ),
    )
    assert field_written(field) == {
        "key": "k",
        "value": "v",
        "textAlignment": "PKTextAlignmentRight",
        "attributedValue": "<a href='https://example.com'>v</a>",
        "dataDetectorTypes": ["PKDataDetectorTypeLink"],
        "dateStyle": "PKDateStyleShort",
        "timeStyle": "PKDateStyleMedium",
        "isRelative": True,
        "ignoresTimeZone": True,
    }
    assert (
        field_written(Field("k", 1, value_format=CurrencyFormat("EUR")))["currencyCode"] == "EUR"
    )
    spelled = Field("k", 1, value_format=NumberFormat(NumberStyle.SPELL_OUT), data_detectors=())
    assert field_written(spelled)["numberStyle"] == "PKNumberStyleSpellOut"
    assert field_written(spelled)["dataDetectorTypes"] == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, "7"),
        (Decimal("12.50"), "12.5"),
        (Decimal("3.00"), "3"),
        (Decimal("1E+3"), "1000"),
        (datetime(2026, 5, 31, 18, 30, tzinfo=ZoneInfo("Europe/Berlin")), None),
    ],
)
def test_numbers_stay_numbers_and_dates_carry_their_zone(
    value: FieldValue, expected: str | None
) -> None:
    """Money is no text, and a time says which moment it is."""
    field = pass_json(make_pass(store_card=StoreCard(back=(Field("k", value),)))).decode()
    wanted = expected or '"2026-05-31T18:30:00+02:00"'
    assert f'"value":{wanted}' in field


def test_times_are_whole_seconds_with_a_zone_wallet_reads() -> None:
    """UTC is written Z however it was given, other zones as hours and minutes."""
    moment = datetime(2026, 5, 1, 8, 0, 1, 999_999, tzinfo=UTC)
    assert wallet_date(moment) == "2026-05-01T08:00:01Z"
    assert wallet_date(moment.astimezone(ZoneInfo("UTC"))) == "2026-05-01T08:00:01Z"
    minus = timezone(-timedelta(hours=3, minutes=30))
    assert wallet_date(moment.astimezone(minus)) == "2026-05-01T04:30:01-03:30"


@given(TEXTS)
def test_a_barcode_is_encoded_as_scanners_like_it(message: str) -> None:
    """Latin-1 where it can carry the message, UTF-8 otherwise, and always able to."""
    encoding = Barcode(message, BarcodeFormat.AZTEC).message_encoding
    message.encode(encoding)
    assert (encoding == "iso-8859-1") == all(ord(character) < 256 for character in message)


@given(
    st.lists(
        st.builds(
            Field,
            TEXTS,
            TEXTS | st.integers() | st.decimals(-(10**6), 10**6, places=2),
            label=st.none() | TEXTS,
        ),
        max_size=5,
        unique_by=lambda field: field.key,
    ),
    TEXTS,
)
def test_any_text_and_number_survives_the_writing(fields: list[Field], name: str) -> None:
    """What goes in comes out of a JSON reader, and writing it twice gives the same bytes."""
    content = make_pass(logo_text=name, store_card=StoreCard(back=tuple(fields)))
    first, again = pass_json(content), pass_json(content)
    parsed = json.loads(first)
    assert first == again
    assert b"\n" not in first
    assert parsed["logoText"] == name
    read = parsed["storeCard"].get("backFields", [])
    assert [entry["key"] for entry in read] == [field.key for field in fields]
    for entry, field in zip(read, fields, strict=True):
        value = field.value
        assert entry["value"] == (float(value) if isinstance(value, Decimal) else value)
    assert parsed == document(content)
    assert content_problems(content) == []
