"""A loyalty card as plain values: the class of a program and the object of one card.

What Google has given up, and what only Google writes (`hasUsers`, `classReference`, `review`),
has no place here, so it can never be sent.
Source: https://developers.google.com/wallet/reference/rest/v1/loyaltyclass,
https://developers.google.com/wallet/reference/rest/v1/loyaltyobject
"""

from dataclasses import dataclass
from enum import StrEnum

from passes.google.ids import ClassId, ObjectId
from passes.google.points import Points
from passes.google.texts import Link, LocalizedString, Message, TextModule, TimeInterval


@dataclass(frozen=True, slots=True)
class Image:
    """An image Google fetches from `url` and keeps; a new image needs a new address.

    The description is what a screen reader says.
    """

    url: str
    description: LocalizedString


class BarcodeType(StrEnum):
    """The barcodes that scanners at a counter read."""

    QR_CODE = "QR_CODE"
    AZTEC = "AZTEC"
    PDF_417 = "PDF_417"
    CODE_128 = "CODE_128"


@dataclass(frozen=True, slots=True)
class Barcode:
    """What the scanner reads, and the text a person can read aloud when it does not."""

    value: str
    type: BarcodeType = BarcodeType.QR_CODE
    alternate_text: str | None = None


@dataclass(frozen=True, slots=True)
class MerchantLocation:
    """A place near which the phone brings the card up, in degrees.

    Google must allow an issuer to use it, and otherwise refuses the whole class.
    """

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class CardRow:
    """One to three values side by side on the face of the card.

    A value is the path of a field, such as ``object.loyaltyPoints.balance`` or
    ``object.textModulesData['reward']``.
    https://developers.google.com/wallet/retail/loyalty-cards/resources/template
    """

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyClass:
    """What all cards of a program share; `background` is `#rrggbb`.

    `callback_url` is told when a card is saved to a wallet or deleted from one.
    """

    id: ClassId
    issuer_name: LocalizedString
    program_name: LocalizedString
    program_logo: Image
    background: str
    hero_image: Image | None = None
    callback_url: str | None = None
    card_rows: tuple[CardRow, ...] = ()
    text_modules: tuple[TextModule, ...] = ()
    links: tuple[Link, ...] = ()
    merchant_locations: tuple[MerchantLocation, ...] = ()


class State(StrEnum):
    """Whether a card can be used; a card cannot be deleted, only moved to the expired ones."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    INACTIVE = "INACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyObject:
    """One card. `messages` of None leaves alone what was added message by message."""

    id: ObjectId
    class_id: ClassId
    state: State
    points: Points
    secondary_points: Points | None = None
    barcode: Barcode | None = None
    text_modules: tuple[TextModule, ...] = ()
    links: tuple[Link, ...] = ()
    messages: tuple[Message, ...] | None = None
    valid: TimeInterval | None = None
