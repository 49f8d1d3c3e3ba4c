"""The fields of a pass, and what a phone says when an update changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

STYLE_NAMES = {
    "boardingPass": "Boarding pass",
    "coupon": "Coupon",
    "eventTicket": "Ticket",
    "generic": "Pass",
    "posterGeneric": "Pass",
    "storeCard": "Store card",
}
FIELD_GROUPS = (
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "footerFields",
    "backFields",
    "additionalInfoFields",
)
_CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF\u00a0"}

Content: TypeAlias = Mapping[str, object]
FieldValue: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the phone shows it; `text` is the value made readable."""

    key: str
    group: str
    label: str
    value: FieldValue
    text: str
    change_message: str | None
    alignment: str


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did to the fields: the keys whose value changed, and the message if any."""

    changed_keys: tuple[str, ...]
    message: str | None


def style_of(content: Content, *, knows_poster_generic: bool) -> str:
    """The style key this phone draws: `posterGeneric` where it is known and present (iOS 27)."""
    present = [style for style in STYLE_NAMES if style in content]
    if "posterGeneric" in present and (knows_poster_generic or len(present) == 1):
        return "posterGeneric"
    return next((style for style in present if style != "posterGeneric"), "generic")


def fields_of(
    content: Content, style: str, strings: Mapping[str, str] | None = None
) -> list[Field]:
    """All fields of one style in the order they stand in, translated by `strings`."""
    section = mapping_in(content, style)
    words = strings or {}
    return [
        _field(raw, group, words)
        for group in FIELD_GROUPS
        for raw in sequence_in(section, group)
        if isinstance(raw, dict)
    ]


def update_between(old: Sequence[Field], new: Sequence[Field], style: str) -> Update:
    """Which values changed and what the lock screen says of it.

    One changed field with a change message is said with its value in place of `%@`; without
    `%@`, or with several such fields, the phone only says that the card changed; a field
    without a change message is silent.
    https://developer.apple.com/documentation/walletpasses/passfieldcontent
    """
    before = {field.key: field.value for field in old}
    changed = [field for field in new if before.get(field.key) != field.value]
    told = [field for field in changed if field.change_message and field.key in before]
    return Update(tuple(field.key for field in changed), _message(told, style))


def _message(told: Sequence[Field], style: str) -> str | None:
    if not told:
        return None
    template = told[0].change_message or ""
    if len(told) > 1 or "%@" not in template:
        return f"{STYLE_NAMES[style]} changed"
    return template.replace("%@", told[0].text)


def mapping_in(content: Content, key: str) -> Content:
    """The object under `key`, or an empty one when there is none."""
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def sequence_in(content: Content, key: str) -> Sequence[object]:
    """The array under `key`, or an empty one when there is none."""
    value = content.get(key)
    return value if isinstance(value, list) else []


def text_in(content: Content, key: str) -> str | None:
    """The string under `key`, or None when there is none."""
    value = content.get(key)
    return value if isinstance(value, str) else None


def _field(raw: Content, group: str, words: Mapping[str, str]) -> Field:
    value = raw.get("value", "")
    shown = value if isinstance(value, str | int | float) else str(value)
    if isinstance(shown, str):
        shown = words.get(shown, shown)
    label = text_in(raw, "label") or ""
    message = text_in(raw, "changeMessage")
    alignment = (text_in(raw, "textAlignment") or "").removeprefix("PKTextAlignment").lower()
    return Field(
        key=text_in(raw, "key") or "",
        group=group,
        label=words.get(label, label),
        value=shown,
        text=readable(raw, shown),
        change_message=None if message is None else words.get(message, message),
        alignment=alignment or "natural",
    )


def readable(raw: Content, value: FieldValue) -> str:
    """A value as an English phone shows it: numbers grouped, money with its sign, dates spelt."""
    if isinstance(value, str):
        if "dateStyle" in raw or "timeStyle" in raw:
            return _date(raw, value)
        return value
    currency = text_in(raw, "currencyCode")
    if currency is not None:
        return f"{_CURRENCY_SIGNS.get(currency, currency + chr(160))}{value:,.2f}"
    if raw.get("numberStyle") == "PKNumberStylePercent":
        return f"{value:,.0%}"
    return _number(value)


def _number(value: float) -> str:
    exact = Decimal(str(value)).normalize()
    return f"{exact:,f}"


def _date(raw: Content, value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    pieces = []
    if _is_shown(raw, "dateStyle"):
        is_short = raw.get("dateStyle") == "PKDateStyleShort"
        pieces.append(f"{moment:%d/%m/%Y}" if is_short else f"{moment.day} {moment:%B %Y}")
    if _is_shown(raw, "timeStyle"):
        pieces.append(f"{moment:%H:%M}")
    return " at ".join(pieces)


def _is_shown(raw: Content, key: Literal["dateStyle", "timeStyle"]) -> bool:
    return key in raw and not str(raw[key]).endswith("None")


def relative_age(then: datetime, now: datetime) -> str:
    """How long ago something was, as a notification says it."""
    age = now - then
    if age < timedelta(minutes=1):
        return "now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min ago"
    if age < timedelta(days=1):
        return f"{age // timedelta(hours=1)} h ago"
    return f"{age // timedelta(days=1)} d ago"
