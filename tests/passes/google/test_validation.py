"""Everything Google would refuse is found before it is called, with its place and its code."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from passes.google.card import Barcode, CardRow, Image, MerchantLocation
from passes.google.checks.text_rules import message_problems
from passes.google.checks.validation import class_problems, object_problems
from passes.google.ids import ClassId
from passes.google.points import Balance, Money, Points
from passes.google.texts import Link, LocalizedString, Message, TextModule, TimeInterval
from tests.passes.google.makers import MESSAGE, MODULE, NOW, make_class, make_object

WORD = LocalizedString("word")
NAIVE = NOW.replace(tzinfo=None)
ROW = "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos"
HALF = "\ud83d"


def module(name: str) -> TextModule:
    return TextModule(name, WORD, WORD)


def logo(url: str) -> dict[str, Any]:
    return {"program_logo": Image(url, WORD)}


def link(uri: str, name: str = "a") -> dict[str, Any]:
    return {"links": (Link(name, uri, WORD),)}


def rows(*paths: str) -> dict[str, Any]:
    return {"card_rows": (CardRow(paths),)}


def place(latitude: float, longitude: float) -> dict[str, Any]:
    return {"merchant_locations": (MerchantLocation(latitude, longitude),)}


def balance(amount: Balance) -> dict[str, Any]:
    return {"points": Points(WORD, amount)}


def test_what_is_right_has_no_problems() -> None:
    """A class and an object with everything in them."""
    assert list(class_problems(make_class(), allow_insecure_loopback=False)) == []
    assert list(object_problems(make_object())) == []


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"issuer_name": LocalizedString(" ")}, "text.empty", "issuerName"),
        ({"program_name": LocalizedString(HALF)}, "text.unencodable", "programName"),
        ({"program_name": LocalizedString("a", "english")}, "language.invalid", "programName"),
        (
            {"program_name": LocalizedString("a", "en", {"d": "b"})},
            "language.invalid",
            "programName",
        ),
        ({"program_name": LocalizedString("a", "en", {"de": ""})}, "text.empty", "programName"),
        (logo("http://example.com/a.png"), "url.insecure", "programLogo.sourceUri.uri"),
        (logo("http://localhost/a.png"), "url.insecure", "programLogo.sourceUri.uri"),
        (logo("https://"), "url.insecure", "programLogo.sourceUri.uri"),
        (logo("https://a:b/"), "url.insecure", "programLogo.sourceUri.uri"),
        (logo("https://a/ b"), "url.insecure", "programLogo.sourceUri.uri"),
        (logo(f"https://a/{HALF}"), "url.insecure", "programLogo.sourceUri.uri"),
        (
            {"hero_image": Image("https://a/b", LocalizedString(""))},
            "text.empty",
            "heroImage.contentDescription",
        ),
        ({"background": "1f4d3a"}, "colour.invalid", "hexBackgroundColor"),
        ({"background": "#1f4d3"}, "colour.invalid", "hexBackgroundColor"),
        ({"callback_url": "http://example.com"}, "url.insecure", "callbackOptions.url"),
        ({"card_rows": (CardRow(("class.issuerName",)),) * 4}, "count.too-many", ROW),
        (rows(), "row.length", f"{ROW}[0]"),
        (rows(*["class.issuerName"] * 4), "row.length", f"{ROW}[0]"),
        (rows("object.loyaltyPoints"), "row.path", f"{ROW}[0]"),
        (rows("class.textModulesData['other']"), "row.path", f"{ROW}[0]"),
        (rows("object.textModulesData['a.b']"), "row.path", f"{ROW}[0]"),
        (
            {"text_modules": (MODULE, *(module(str(each)) for each in range(10)))},
            "count.too-many",
            "textModulesData",
        ),
        ({"text_modules": (MODULE, module("a.b"))}, "id.invalid", "textModulesData[1].id"),
        ({"text_modules": (MODULE, MODULE)}, "id.duplicate", "textModulesData[1].id"),
        (
            {"text_modules": (MODULE, TextModule("a", WORD, LocalizedString("")))},
            "text.empty",
            "textModulesData[1].body",
        ),
        (link("example.com"), "uri.scheme-missing", "linksModuleData.uris[0].uri"),
        (link(f"tel:{HALF}"), "uri.scheme-missing", "linksModuleData.uris[0].uri"),
        (link("tel:1", ""), "id.invalid", "linksModuleData.uris[0].id"),
        (
            {"merchant_locations": (MerchantLocation(1, 1),) * 11},
            "count.too-many",
            "merchantLocations",
        ),
        (place(90.01, 0), "location.out-of-range", "merchantLocations[0].latitude"),
        (place(0, -180.01), "location.out-of-range", "merchantLocations[0].longitude"),
        (place(float("nan"), 0), "location.out-of-range", "merchantLocations[0].latitude"),
    ],
)
def test_what_is_wrong_with_a_class_is_found(
    changes: dict[str, Any], code: str, where: str
) -> None:
    """Each rule finds its mistake, and only that."""
    found = list(class_problems(make_class(**changes), allow_insecure_loopback=False))
    assert [(problem.code, problem.where) for problem in found] == [(code, where)]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"class_id": ClassId("1", "a")}, "issuer.mismatch", "classId"),
        ({"points": Points(LocalizedString(""), 1)}, "text.empty", "loyaltyPoints.label"),
        (
            {"secondary_points": Points(WORD, "")},
            "text.empty",
            "secondaryLoyaltyPoints.balance.string",
        ),
        (balance(HALF), "text.unencodable", "loyaltyPoints.balance.string"),
        (balance(bool(1)), "balance.kind", "loyaltyPoints.balance"),
        (balance(2**31), "balance.out-of-range", "loyaltyPoints.balance.int"),
        (balance(-(2**31) - 1), "balance.out-of-range", "loyaltyPoints.balance.int"),
        (balance(float("inf")), "balance.out-of-range", "loyaltyPoints.balance.double"),
        (
            balance(Money(2**63, "EUR")),
            "balance.out-of-range",
            "loyaltyPoints.balance.money.micros",
        ),
        (
            balance(Money(1, "euro")),
            "currency.invalid",
            "loyaltyPoints.balance.money.currencyCode",
        ),
        ({"barcode": Barcode("")}, "text.empty", "barcode.value"),
        ({"barcode": Barcode("a", alternate_text="")}, "text.empty", "barcode.alternateText"),
        ({"text_modules": (module("ä"),)}, "id.invalid", "textModulesData[0].id"),
        (link("https:"), "uri.scheme-missing", "linksModuleData.uris[0].uri"),
        ({"messages": (MESSAGE,) * 11}, "count.too-many", "messages"),
        (
            {"messages": (Message(id="a", header=WORD, body=LocalizedString("")),)},
            "text.empty",
            "messages[0].body",
        ),
        (
            {"valid": TimeInterval(end=NAIVE)},
            "date.zone-missing",
            "validTimeInterval.end",
        ),
        (
            {"valid": TimeInterval(start=NAIVE, end=NOW)},
            "date.zone-missing",
            "validTimeInterval.start",
        ),
        ({"valid": TimeInterval()}, "interval.empty", "validTimeInterval"),
        (
            {"valid": TimeInterval(start=NOW, end=NOW)},
            "interval.backwards",
            "validTimeInterval",
        ),
    ],
)
def test_what_is_wrong_with_an_object_is_found(
    changes: dict[str, Any], code: str, where: str
) -> None:
    """Each rule finds its mistake, and only that."""
    found = list(object_problems(make_object(**changes)))
    assert [(problem.code, problem.where) for problem in found] == [(code, where)]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"id": "a.b"}, "id.invalid", "message.id"),
        ({"header": LocalizedString("")}, "text.empty", "message.header"),
        ({"shown": TimeInterval()}, "interval.empty", "message.displayInterval"),
    ],
)
def test_what_is_wrong_with_a_message_is_found(
    changes: dict[str, Any], code: str, where: str
) -> None:
    """Each rule finds its mistake, and only that."""
    found = list(message_problems(replace(MESSAGE, **changes), "message"))
    assert [(problem.code, problem.where) for problem in found] == [(code, where)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOW, NOW + timedelta(days=1)),
        (None, NOW),
        (NOW, None),
    ],
)
def test_an_interval_may_be_open(start: datetime | None, end: datetime | None) -> None:
    """Either end may be left out."""
    assert list(object_problems(make_object(valid=TimeInterval(start=start, end=end)))) == []


@pytest.mark.parametrize("amount", ["6/10", 2**31 - 1, -(2**31), 0.5, Money(-1, "EUR")])
def test_a_balance_of_every_kind_is_right(amount: Balance) -> None:
    """As it stands, a whole number, a fraction and money."""
    assert list(object_problems(make_object(**balance(amount)))) == []


@pytest.mark.parametrize("url", ["http://localhost:8080/a", "http://127.0.0.1/a", "http://[::1]/"])
def test_a_developers_own_machine_may_do_without_encryption(url: str) -> None:
    """Only where it is allowed, and only on this machine."""
    content = make_class(callback_url=url, **logo(url))
    assert list(class_problems(content, allow_insecure_loopback=True)) == []
    assert len(list(class_problems(content, allow_insecure_loopback=False))) == 2


@pytest.mark.parametrize("url", ["http://example.com/", "ftp://localhost/", "http://10.0.0.1/"])
def test_elsewhere_nothing_does_without_encryption(url: str) -> None:
    """Another machine is not this one, whatever is allowed."""
    found = list(class_problems(make_class(callback_url=url), allow_insecure_loopback=True))
    assert [problem.code for problem in found] == ["url.insecure"]
