"""Texts, links and messages on a card, and when they are shown.

Source: https://developers.google.com/wallet/reference/rest/v1/Message
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class LocalizedString:
    """A text in the language everybody gets, and in others; languages are BCP 47 tags."""

    value: str
    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextModule:
    """A heading and a text below the card; `id` is what a template calls it by."""

    id: str
    header: LocalizedString
    body: LocalizedString


@dataclass(frozen=True, slots=True)
class Link:
    """A link below the card: a web page, a map, a telephone number or a mail address."""

    id: str
    uri: str
    description: LocalizedString


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeInterval:
    """From when until when; moments with a zone, either end may be open."""

    start: datetime | None = None
    end: datetime | None = None


class MessageType(StrEnum):
    """Whether a message only stands on the card, or lights up the phone as well.

    A card can light up a phone three times in 24 hours; beyond that Google refuses the call.
    https://developers.google.com/wallet/retail/loyalty-cards/use-cases/add-a-message
    """

    TEXT = "TEXT"
    TEXT_AND_NOTIFY = "TEXT_AND_NOTIFY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something told to one holder or to all.

    Google keeps two messages of one id side by side; whoever repeats a call looks for the id
    first.
    """

    id: str
    header: LocalizedString
    body: LocalizedString
    type: MessageType = MessageType.TEXT
    shown: TimeInterval | None = None


@dataclass(frozen=True, slots=True)
class AddMessageRequest:
    """The request that adds a message to an object, or to a class and thereby to all its objects.

    https://developers.google.com/wallet/reference/rest/v1/loyaltyclass/addmessage
    """

    message: Message
