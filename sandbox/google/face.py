"""What a Google Wallet card shows: its class and its object, as text ready to be drawn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno

from sandbox.google.records import CLASS, Record
from sandbox.google.stand_in import GoogleStandIn

BACKGROUND = "#1a5fb4"
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# A background this light (0 to 255, as the eye weighs it) asks for dark text.
LIGHT_MIN = 150


@dataclass(frozen=True, slots=True)
class Words:
    """A header or label, and what stands below it."""

    header: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleFace:
    """One card; `barcode` is a data: address of its image, empty where there is none."""

    object_id: str
    state: str
    issuer: str
    program: str
    logo: str
    colour: str
    is_light: bool
    points: tuple[Words, ...]
    account: str
    barcode: str
    barcode_text: str
    texts: tuple[Words, ...]
    messages: tuple[Words, ...]


def faces_of(google: GoogleStandIn | None, phone_id: str) -> list[GoogleFace]:
    """Return the cards a phone holds, the one saved last first."""
    if google is None:
        return []
    return [face_of(google, record) for record in google.shelf.of(phone_id)]


def face_of(google: GoogleStandIn, record: Record) -> GoogleFace:
    """Put a card together from its object and its class."""
    content = record.content
    program = google.wallet.get(CLASS, content["classId"]).content
    colour = str(program.get("hexBackgroundColor", ""))
    colour = colour if _COLOUR.fullmatch(colour) else BACKGROUND
    name = text_of(program, "programName")
    barcode = content.get("barcode", {})
    return GoogleFace(
        object_id=record.id,
        state=str(content["state"]).upper(),
        issuer=text_of(program, "issuerName"),
        program=name,
        logo=name[:1],
        colour=colour,
        is_light=_lightness(colour) >= LIGHT_MIN,
        points=points_of(content),
        account=str(content.get("accountName", "")),
        barcode=_barcode(str(barcode.get("value", ""))),
        barcode_text=str(barcode.get("alternateText", "")),
        texts=tuple(
            Words(text_of(each, "header"), text_of(each, "body"))
            for each in (*content.get("textModulesData", []), *program.get("textModulesData", []))
        ),
        messages=tuple(
            Words(text_of(each, "header"), text_of(each, "body"))
            for each in (*content.get("messages", []), *program.get("messages", []))
        ),
    )


def text_of(content: Mapping[str, Any], field: str) -> str:
    """Return a text, or the default of its localized twin."""
    twin = content.get(f"localized{field[0].upper()}{field[1:]}", {})
    return str(content.get(field) or twin.get("defaultValue", {}).get("value", ""))


def points_of(content: Mapping[str, Any]) -> tuple[Words, ...]:
    """Return label and value of the two slots on the card's face, as far as they are filled."""
    slots = (content.get(each) for each in ("loyaltyPoints", "secondaryLoyaltyPoints"))
    return tuple(
        Words(text_of(slot, "label"), _balance(slot.get("balance", {}))) for slot in slots if slot
    )


def _balance(balance: Mapping[str, Any]) -> str:
    money = balance.get("money")
    if money is not None:
        return f"{int(money.get('micros', 0)) / 1e6:.2f} {money.get('currencyCode', '')}"
    return str(next(iter(balance.values()), ""))


def _barcode(value: str) -> str:
    return segno.make(value, micro=False).svg_data_uri(scale=4, border=2) if value else ""


def _lightness(colour: str) -> float:
    digits = colour[1:]
    pairs = [each * 2 for each in digits] if len(digits) == 3 else re.findall("..", digits)  # noqa: PLR2004 -- #rgb
    red, green, blue = (int(each, 16) for each in pairs)
    return 0.299 * red + 0.587 * green + 0.114 * blue
