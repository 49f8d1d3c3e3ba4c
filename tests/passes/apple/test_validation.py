"""Validation: each thing a wallet would refuse or drop is found, named and placed."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import passes
from passes.apple.assets import Assets
from passes.apple.barcodes import Barcode, BarcodeFormat
from passes.apple.bundle import build
from passes.apple.card import (
    Beacon,
    FeaturedAction,
    FeaturedActionType,
    Location,
    PosterGeneric,
    StoreCard,
    WebService,
)
from passes.apple.checks.validation import content_problems, problems
from passes.apple.colours import WHITE, Colour, Colours
from passes.apple.fields import (
    CurrencyFormat,
    DataDetector,
    DateFormat,
    Field,
    NumberFormat,
    NumberStyle,
    TextAlignment,
)
from passes.apple.signing.signer import Signer
from passes.errors import InvalidPass
from tests.passes.makers import NOW, make_images, make_pass, make_poster

CENTER = TextAlignment.CENTER
HALF_A_PAIR = "\ud83d"


def back(*fields: Field) -> dict[str, StoreCard]:
    return {"store_card": StoreCard(back=fields)}


def fields(count: int, name: str = "f") -> tuple[Field, ...]:
    return tuple(Field(f"{name}{index}", index) for index in range(count))


def service(url: str = "https://example.com", token: str = "t" * 16) -> dict[str, WebService]:
    return {"web_service": WebService(url, token)}


def barcode(message: str, barcode_format: BarcodeFormat) -> dict[str, tuple[Barcode, ...]]:
    return {"barcodes": (Barcode(message, barcode_format), Barcode("x"))}


def action(
    identifier: str = "a", target: str = "https://example.com"
) -> dict[str, tuple[FeaturedAction, ...]]:
    return {"featured_actions": (FeaturedAction(identifier, FeaturedActionType.SHOP, target),)}


PLACE = Location(latitude=1, longitude=1)
BEACON = Beacon(proximity_uuid="2f234454-cf6d-4a0f-adf2-f4911ba9ffa6")
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - a time without a zone is the point
ODD_ZONE = datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=53, seconds=28)))

# code, where, what was changed in a sound pass
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("text.empty", "teamIdentifier", {"team_identifier": ""}),
    ("text.empty", "organizationName", {"organization_name": " "}),
    ("text.empty", "description", {"description": ""}),
    ("pass-type.invalid", "passTypeIdentifier", {"pass_type_identifier": "com.example"}),
    ("pass-type.invalid", "passTypeIdentifier", {"pass_type_identifier": "pass." + "a" * 200}),
    ("serial.invalid", "serialNumber", {"serial_number": "a/b"}),
    ("serial.invalid", "serialNumber", {"serial_number": ""}),
    ("serial.invalid", "serialNumber", {"serial_number": "x" * 65}),
    ("serial.invalid", "serialNumber", {"serial_number": ".."}),
    ("text.empty", "storeCard.backFields[0].key", back(Field("", "x"))),
    ("field.key-duplicate", "storeCard.backFields[1].key", back(Field("a", 1), Field("a", 2))),
    (
        "change-message.placeholder",
        "storeCard.backFields[0].changeMessage",
        back(Field("a", 1, change_message="You have more")),
    ),
    (
        "change-message.placeholder",
        "storeCard.backFields[0].changeMessage",
        back(Field("a", 1, change_message="")),
    ),
    (
        "alignment.forbidden",
        "storeCard.backFields[0].textAlignment",
        back(Field("a", 1, text_alignment=CENTER)),
    ),
    (
        "alignment.forbidden",
        "storeCard.primaryFields[0].textAlignment",
        {"store_card": StoreCard(primary=(Field("a", 1, text_alignment=CENTER),))},
    ),
    (
        "data-detectors.forbidden",
        "storeCard.secondaryFields[0].dataDetectorTypes",
        {"store_card": StoreCard(secondary=(Field("a", 1, data_detectors=(DataDetector.LINK,)),))},
    ),
    ("date.zone-missing", "storeCard.backFields[0].value", back(Field("a", NAIVE))),
    ("date.zone-missing", "expirationDate", {"expires_at": NAIVE}),
    ("date.invalid", "storeCard.backFields[0].value", back(Field("a", ODD_ZONE))),
    *(
        (
            "date.invalid",
            "storeCard.backFields[0].value",
            back(Field("a", value, value_format=DateFormat())),
        )
        for value in ("tomorrow", "2026-02-30T10:00Z", "2026-01-01T00:00-7:00", "2026-01-01", 7)
    ),
    (
        "number.not-a-number",
        "storeCard.backFields[0].value",
        back(Field("a", "12", value_format=CurrencyFormat("EUR"))),
    ),
    (
        "number.not-a-number",
        "storeCard.backFields[0].value",
        back(Field("a", "12", value_format=NumberFormat(NumberStyle.DECIMAL))),
    ),
    ("number.not-finite", "storeCard.backFields[0].value", back(Field("a", Decimal("NaN")))),
    (
        "number.imprecise",
        "storeCard.backFields[0].value",
        back(Field("a", Decimal("0.1000000000000000055"))),
    ),
    (
        "currency.code",
        "storeCard.backFields[0].currencyCode",
        back(Field("a", 12, value_format=CurrencyFormat("€"))),
    ),
    ("count.too-many", "storeCard.headerFields", {"store_card": StoreCard(header=fields(4))}),
    ("count.too-many", "storeCard.primaryFields", {"store_card": StoreCard(primary=fields(2))}),
    (
        "count.too-many",
        "storeCard.secondaryFields+auxiliaryFields",
        {"store_card": StoreCard(secondary=fields(3), auxiliary=fields(2, "g"))},
    ),
    (
        "count.too-many",
        "posterGeneric.headerFields",
        {"poster": PosterGeneric(header=fields(2))},
    ),
    (
        "count.too-many",
        "posterGeneric.primaryFields",
        {"poster": PosterGeneric(primary=fields(5))},
    ),
    (
        "count.too-many",
        "posterGeneric.footerFields",
        {"poster": PosterGeneric(footer=fields(3))},
    ),
    ("text.empty", "barcodes[0].message", {"barcodes": (Barcode(""),)}),
    ("barcode.message", "barcodes[0].message", barcode("é", BarcodeFormat.CODE128)),
    ("barcode.message", "barcodes[0].message", barcode("lower", BarcodeFormat.CODE39)),
    ("barcode.message", "barcodes[0].message", barcode("AXB", BarcodeFormat.CODABAR)),
    ("barcode.message", "barcodes[0].message", barcode("123", BarcodeFormat.INTERLEAVED_2_OF_5)),
    ("barcode.message", "barcodes[0].message", barcode("4006381333932", BarcodeFormat.EAN13)),
    ("barcode.message", "barcodes[0].message", barcode("40063813339", BarcodeFormat.EAN13)),
    (
        "barcode.fallback-missing",
        "barcodes",
        {"barcodes": (Barcode("x"), Barcode("4006381333931", BarcodeFormat.EAN13))},
    ),
    ("web-service.insecure", "webServiceURL", service("http://example.com")),
    ("web-service.insecure", "webServiceURL", service("http://localhost:8080")),
    ("web-service.insecure", "webServiceURL", service("https://")),
    ("web-service.insecure", "webServiceURL", service("https://example.com:port")),
    ("web-service.version", "webServiceURL", service("https://example.com/apple/v1/")),
    ("web-service.query", "webServiceURL", service("https://example.com/apple?card=1")),
    ("token.short", "authenticationToken", service(token="t" * 15)),
    ("token.characters", "authenticationToken", service(token="two words are too many")),
    ("count.too-many", "locations", {"locations": (PLACE,) * 11}),
    (
        "location.out-of-range",
        "locations[0].latitude",
        {"locations": (replace(PLACE, latitude=90.5),)},
    ),
    (
        "location.out-of-range",
        "locations[0].longitude",
        {"locations": (replace(PLACE, longitude=float("nan")),)},
    ),
    (
        "count.too-many",
        "beacons",
        {
            "beacons": tuple(
                Beacon(proximity_uuid=f"2f234454-cf6d-4a0f-adf2-f4911ba9ff{index:02}")
                for index in range(11)
            )
        },
    ),
    ("beacon.uuid", "beacons[0].proximityUUID", {"beacons": (Beacon(proximity_uuid="x"),)}),
    ("beacon.out-of-range", "beacons[0].major", {"beacons": (replace(BEACON, major=65_536),)}),
    ("beacon.out-of-range", "beacons[0].minor", {"beacons": (replace(BEACON, minor=-1),)}),
    ("distance.out-of-range", "maxDistance", {"max_distance_m": 0}),
    (
        "count.too-many",
        "featuredActions",
        {
            "featured_actions": tuple(
                FeaturedAction(str(index), FeaturedActionType.SHOP, "https://example.com")
                for index in range(3)
            )
        },
    ),
    (
        "action.duplicate",
        "featuredActions",
        {
            "featured_actions": (
                FeaturedAction("a", FeaturedActionType.SHOP, "https://example.com"),
                FeaturedAction("a", FeaturedActionType.CALL, "tel:+49123"),
            )
        },
    ),
    ("text.empty", "featuredActions[0]", action(identifier="")),
    ("text.empty", "featuredActions[0]", action(target="")),
    ("action.url", "featuredActions[0].url", action(target="example.com")),
    ("colour.out-of-range", "labelColor", {"colours": Colours(WHITE, WHITE, Colour(0, 0, 256))}),
    (
        "store-identifier.invalid",
        "associatedStoreIdentifiers[1]",
        {"associated_store_identifiers": (1, 0)},
    ),
    ("user-info.not-json", "userInfo", {"user_info": {"at": NOW}}),
    ("user-info.not-json", "userInfo", {"user_info": {"ratio": float("inf")}}),
    ("text.unencodable", "logoText", {"logo_text": HALF_A_PAIR}),
    (
        "text.unencodable",
        "storeCard.backFields[0].value",
        back(Field("a", f"x{HALF_A_PAIR}")),
    ),
    ("text.unencodable", "userInfo", {"user_info": {HALF_A_PAIR: 1}}),
]


@pytest.mark.parametrize(("code", "where", "changes"), CASES)
def test_each_mistake_is_found_at_its_place(
    code: str, where: str, changes: dict[str, Any]
) -> None:
    """One mistake gives one problem, with its code, its path in pass.json and a sentence."""
    (problem,) = content_problems(make_pass(**changes))
    assert (problem.code, problem.where) == (code, where)
    assert problem.sentence.endswith(".") or problem.code == "serial.invalid"
    assert str(problem) == f"{where}: {problem.sentence}"


def test_every_code_in_the_library_is_tried_by_some_test() -> None:
    """A new rule cannot arrive without a mistake that it finds."""
    library = Path(passes.__file__).parent
    sources = "".join(path.read_text() for path in library.rglob("*.py"))
    codes = set(re.findall(r'Problem\(\s*f?"([a-z.{}-]+)"', sources))
    tests = "".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    codes = {code.replace("{where}", where) for code in codes for where in _PEM_PARTS}
    assert len(codes) > 50
    assert {code for code in codes if f'"{code}"' not in tests} == set()


_PEM_PARTS = ("certificate", "intermediate")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"poster": make_poster()},
        {"web_service": None, "colours": None, "featured_actions": ()},
        back(Field("a", datetime(2026, 1, 1, tzinfo=UTC), value_format=DateFormat())),
        back(Field("a", "2026-01-01T00:00:00.5+01:00", value_format=DateFormat())),
        back(Field("a", Decimal("12.50"), value_format=CurrencyFormat("EUR"))),
        back(Field("a", 12, data_detectors=())),
        {"store_card": StoreCard(secondary=(Field("a", 1, text_alignment=CENTER),))},
        barcode("4006381333931", BarcodeFormat.EAN13),
        barcode("A1234B", BarcodeFormat.CODABAR),
        barcode("1234", BarcodeFormat.INTERLEAVED_2_OF_5),
        barcode("ABC-1", BarcodeFormat.CODE39),
        barcode("日本", BarcodeFormat.QR),
        {"beacons": (replace(BEACON, major=0, minor=65_535),), "max_distance_m": 100},
        {"user_info": {"a": [1, None, True]}, "associated_store_identifiers": (1,)},
        {"expires_at": NOW},
        {"featured_actions": (FeaturedAction("a", FeaturedActionType.PLACE, "I638"),)},
        {"featured_actions": (FeaturedAction("a", FeaturedActionType.CALL, "tel:+49123"),)},
        service("https://example.com:8443/v10/apple"),
    ],
)
def test_a_sound_pass_has_no_problems(changes: dict[str, Any]) -> None:
    """What Apple's pages allow is not refused."""
    assert content_problems(make_pass(**changes)) == []


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:80"])
def test_http_is_allowed_on_this_machine_only_when_asked_for(host: str) -> None:
    """A sandbox may do without TLS; production cannot by accident."""
    content = make_pass(**service(f"http://{host}/apple"))
    assert [each.code for each in content_problems(content)] == ["web-service.insecure"]
    assert content_problems(content, allow_insecure_loopback=True) == []


@pytest.mark.parametrize("url", ["http://example.com", "http://10.0.0.1", "ftp://localhost"])
def test_the_loopback_permission_opens_no_other_host(url: str) -> None:
    """The permission means this machine and http, nothing more."""
    found = content_problems(make_pass(**service(url)), allow_insecure_loopback=True)
    assert [each.code for each in found] == ["web-service.insecure"]


@pytest.mark.parametrize(
    ("code", "changes", "at"),
    [
        ("certificate.pass-type", {"pass_type_identifier": "pass.com.example.other"}, NOW),
        ("certificate.team", {"team_identifier": "OTHERTEAM1"}, NOW),
        ("certificate.not-yet-valid", {}, NOW - timedelta(days=1)),
        ("certificate.expired", {}, NOW + timedelta(days=500)),
    ],
)
def test_a_certificate_that_does_not_fit_is_named(
    code: str, changes: dict[str, Any], at: datetime, assets: Assets, signer: Signer
) -> None:
    """Another's certificate, and one outside its life, are refused before signing."""
    (problem,) = problems(make_pass(**changes), assets, signer, signed_at=at)
    assert problem.code == code
    for value in changes.values():
        assert value in problem.sentence


def test_a_mismatch_names_both_pass_types(assets: Assets, signer: Signer) -> None:
    """The sentence holds the certificate's pass type and the pass's, so that either is fixed."""
    content = make_pass(pass_type_identifier="pass.com.example.other")
    (problem,) = problems(content, assets, signer, signed_at=NOW)
    assert "pass.com.example.other" in problem.sentence
    assert "pass.com.example.loyalty" in problem.sentence


def test_a_poster_needs_its_artwork(assets: Assets, signer: Signer) -> None:
    """Without it iOS 27 would show an empty poster."""
    content = make_pass(poster=make_poster())
    (problem,) = problems(content, assets, signer, signed_at=NOW)
    assert problem.code == "image.artwork-missing"
    complete = Assets.prepare(make_images("icon", "artwork", "primaryLogo"))
    assert problems(content, complete, signer, signed_at=NOW) == ()


def test_nothing_is_signed_and_all_problems_are_told(signer: Signer) -> None:
    """One round of repair is enough: the error lists content, images and certificate."""
    content = make_pass(serial_number="a b", description="", team_identifier="OTHERTEAM1")
    with pytest.raises(InvalidPass) as refused:
        build(content, Assets.prepare({}), signer, signed_at=NOW)
    assert [problem.code for problem in refused.value.problems] == [
        "text.empty",
        "serial.invalid",
        "image.icon-missing",
        "image.icon-missing",
        "image.icon-missing",
        "certificate.team",
    ]
    assert "serialNumber: A serial number is" in str(refused.value)
