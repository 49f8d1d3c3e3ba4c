"""The parts of classes and objects as JSON: texts, links, images, points, messages, templates.

Source: the schemas of https://walletobjects.googleapis.com/$discovery/rest?version=v1
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from passes.google.card import Barcode, CardRow, Image
from passes.google.points import Money, Points
from passes.google.texts import Link, LocalizedString, Message, TextModule, TimeInterval

Body = dict[str, Any]

_PLAIN = "en"
"""The language of a text that says none."""
_BALANCES = ("string", "int", "double", "money")

# Google's name of a row and of its places, by how many values it has.
_ROWS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    1: ("oneItem", ("item",)),
    2: ("twoItems", ("startItem", "endItem")),
    3: ("threeItems", ("startItem", "middleItem", "endItem")),
}


def text(name: str, content: LocalizedString) -> Body:
    """Give a text under its name, and under ``localizedName`` with all that is not English.

    Only there can be said which language it is, which a voice that reads it aloud must know.
    """
    entries: Body = {name: content.value}
    if content.translations or content.language != _PLAIN:
        entries[f"localized{name[0].upper()}{name[1:]}"] = localized(content)
    return entries


def localized(content: LocalizedString) -> Body:
    """Give a text as Google's LocalizedString."""
    entries: Body = {"defaultValue": {"language": content.language, "value": content.value}}
    if content.translations:
        entries["translatedValues"] = [
            {"language": language, "value": value}
            for language, value in content.translations.items()
        ]
    return entries


def image(content: Image) -> Body:
    """Give an image by its address, the one of Google's two ways that needs no allowance."""
    return {
        "sourceUri": {"uri": content.url},
        "contentDescription": localized(content.description),
    }


def text_module(module: TextModule) -> Body:
    """Give a heading and a text."""
    return {"id": module.id} | text("header", module.header) | text("body", module.body)


def links(content: tuple[Link, ...]) -> Body:
    """Give the links as their module, complete also when there are none."""
    return {
        "uris": [
            {"id": link.id, "uri": link.uri} | text("description", link.description)
            for link in content
        ]
    }


def points(content: Points) -> Body:
    """Give a label and a balance, as exactly one of the four kinds."""
    return text("label", content.label) | {"balance": _balance(content)}


def points_patch(content: Points) -> Body:
    """Give a label and a balance that is of one kind and, whatever it was before, of no other.

    So is the label: in one language, and no more in the one it was in before.
    """
    written = {"localizedLabel": None} | points(content)
    return written | {"balance": dict.fromkeys(_BALANCES) | _balance(content)}


def barcode(content: Barcode) -> Body:
    """Give a barcode."""
    entries: Body = {"type": content.type.value, "value": content.value}
    if content.alternate_text is not None:
        entries["alternateText"] = content.alternate_text
    return entries


def message(content: Message) -> Body:
    """Give a message; it is shown at once and for ever unless it says from and until when."""
    entries: Body = {"id": content.id, "messageType": content.type.value}
    entries |= text("header", content.header) | text("body", content.body)
    if content.shown is not None:
        entries["displayInterval"] = interval(content.shown)
    return entries


def interval(content: TimeInterval) -> Body:
    """Give the ends there are, each with its offset."""
    ends = {"start": content.start, "end": content.end}
    return {name: _date(moment) for name, moment in ends.items() if moment is not None}


def row(content: CardRow) -> Body:
    """Give a row of the face as the one of Google's three kinds that fits its length."""
    kind, places = _ROWS[len(content.paths)]
    items = {
        place: {"firstValue": {"fields": [{"fieldPath": path}]}}
        for place, path in zip(places, content.paths, strict=True)
    }
    return {kind: items}


def _balance(content: Points) -> Body:
    balance = content.balance
    match balance:
        case Money():
            return {"money": {"micros": str(balance.micros), "currencyCode": balance.currency}}
        case str():
            return {"string": balance}
        case int():
            return {"int": balance}
        case _:
            return {"double": balance}


def _date(moment: datetime) -> Body:
    return {"date": moment.isoformat()}
