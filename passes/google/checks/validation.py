"""Everything Google would refuse, drop or stay silent about, found before it is called.

Google's description of its API names fields and values; these are the rules that stand only in
its prose. Source: https://developers.google.com/wallet/reference/rest
"""

import re
from collections.abc import Iterator, Sequence

from passes.errors import Problem
from passes.google.card import Barcode, Image, LoyaltyClass, LoyaltyObject, MerchantLocation
from passes.google.checks.address_rules import secure_url_problems
from passes.google.checks.points_rules import points_problems
from passes.google.checks.template_rules import template_problems
from passes.google.checks.text_rules import (
    count_problems,
    interval_problems,
    link_problems,
    message_problems,
    text_module_problems,
    text_problems,
    written_problems,
)
from passes.google.texts import Message

MESSAGES_MAX = 10
LOCATIONS_MAX = 10
LATITUDE_MAX, LONGITUDE_MAX = 90, 180

_COLOUR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def class_problems(content: LoyaltyClass, *, allow_insecure_loopback: bool) -> Iterator[Problem]:
    """Find everything wrong with a class."""
    yield from text_problems(content.issuer_name, "issuerName")
    yield from text_problems(content.program_name, "programName")
    images = {"programLogo": content.program_logo, "heroImage": content.hero_image}
    for where, image in images.items():
        if image is not None:
            yield from _image_problems(
                image, where, allow_insecure_loopback=allow_insecure_loopback
            )
    if not _COLOUR.fullmatch(content.background):
        sentence = "A colour is written like #1f4d3a or #fc0."
        yield Problem("colour.invalid", "hexBackgroundColor", sentence)
    if content.callback_url is not None:
        yield from secure_url_problems(
            content.callback_url,
            "callbackOptions.url",
            allow_insecure_loopback=allow_insecure_loopback,
        )
    yield from template_problems(content)
    yield from text_module_problems(content.text_modules)
    yield from link_problems(content.links)
    yield from _location_problems(content.merchant_locations)


def object_problems(content: LoyaltyObject) -> Iterator[Problem]:
    """Find everything wrong with an object."""
    if content.class_id.issuer_id != content.id.issuer_id:
        yield Problem("issuer.mismatch", "classId", "A card and its class have one issuer.")
    yield from points_problems(content.points, "loyaltyPoints")
    if content.secondary_points is not None:
        yield from points_problems(content.secondary_points, "secondaryLoyaltyPoints")
    if content.barcode is not None:
        yield from _barcode_problems(content.barcode)
    yield from text_module_problems(content.text_modules)
    yield from link_problems(content.links)
    yield from _messages_problems(content.messages or ())
    if content.valid is not None:
        yield from interval_problems(content.valid, "validTimeInterval")


def _messages_problems(messages: Sequence[Message]) -> Iterator[Problem]:
    yield from count_problems("messages", len(messages), MESSAGES_MAX)
    for index, message in enumerate(messages):
        yield from message_problems(message, f"messages[{index}]")


def _image_problems(
    image: Image, where: str, *, allow_insecure_loopback: bool
) -> Iterator[Problem]:
    place = f"{where}.sourceUri.uri"
    yield from secure_url_problems(
        image.url, place, allow_insecure_loopback=allow_insecure_loopback
    )
    yield from text_problems(image.description, f"{where}.contentDescription")


def _barcode_problems(barcode: Barcode) -> Iterator[Problem]:
    yield from written_problems(barcode.value, "barcode.value")
    if barcode.alternate_text is not None:
        yield from written_problems(barcode.alternate_text, "barcode.alternateText")


def _location_problems(locations: Sequence[MerchantLocation]) -> Iterator[Problem]:
    path = "merchantLocations"
    yield from count_problems(path, len(locations), LOCATIONS_MAX)
    for index, place in enumerate(locations):
        if not abs(place.latitude) <= LATITUDE_MAX:
            sentence = f"A latitude is -{LATITUDE_MAX} to {LATITUDE_MAX} degrees."
            yield Problem("location.out-of-range", f"{path}[{index}].latitude", sentence)
        if not abs(place.longitude) <= LONGITUDE_MAX:
            sentence = f"A longitude is -{LONGITUDE_MAX} to {LONGITUDE_MAX} degrees."
            yield Problem("location.out-of-range", f"{path}[{index}].longitude", sentence)
