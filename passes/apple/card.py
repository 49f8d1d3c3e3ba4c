"""A pass as plain values: a store card, the iOS 27 poster beside it, and what both share.

Wallet shows `posterGeneric` where it knows it (iOS 27) and the store card everywhere else.
Sources: https://developer.apple.com/documentation/walletpasses/pass,
https://developer.apple.com/documentation/walletpasses/creating-a-store-card-pass,
https://developer.apple.com/documentation/walletpasses/creating-a-poster-generic-pass
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from passes.apple.barcodes import Barcode
from passes.apple.colours import Colours
from passes.apple.fields import Field

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCard:
    """Fields of a store card; the primary field is written over the strip image."""

    header: tuple[Field, ...] = ()
    primary: tuple[Field, ...] = ()
    secondary: tuple[Field, ...] = ()
    auxiliary: tuple[Field, ...] = ()
    back: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterGeneric:
    """Fields of the iOS 27 poster; needs an `artwork` image."""

    header: tuple[Field, ...] = ()
    primary: tuple[Field, ...] = ()
    footer: tuple[Field, ...] = ()
    back: tuple[Field, ...] = ()
    additional_info: tuple[Field, ...] = ()


class FeaturedActionType(StrEnum):
    """What a button under the pass is about; Wallet picks words and symbol from it."""

    VIEW_SCHEDULE = "viewSchedule"
    WATCH_TRAILER = "watchTrailer"
    LISTEN_TO_MUSIC = "listenToMusic"
    CALL = "call"
    PLACE = "place"
    ADD_TO_BALANCE = "addToBalance"
    ORDER = "order"
    SHOP = "shop"
    MEMBERSHIP_BENEFITS = "membershipBenefits"
    BOOK_APPOINTMENT = "bookAppointment"
    BOOK_CAR = "bookCar"
    BOOK_FLIGHT = "bookFlight"
    BOOK_STAY = "bookStay"
    VIEW_OFFERS_REWARDS = "viewOffersRewards"


@dataclass(frozen=True, slots=True)
class FeaturedAction:
    """A button under the pass; `target` is a URL, or a Maps place identifier for PLACE.

    Source: https://developer.apple.com/documentation/walletpasses/defining-the-metadata-of-your-wallet-pass
    """

    identifier: str
    type: FeaturedActionType
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place near which the pass appears on the lock screen, in degrees and metres."""

    latitude: float
    longitude: float
    altitude: float | None = None
    relevant_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """A Bluetooth beacon near which the pass appears on the lock screen."""

    proximity_uuid: str
    major: int | None = None
    minor: int | None = None
    relevant_text: str | None = None


@dataclass(frozen=True, slots=True)
class WebService:
    """Where the phone asks for news (without ``/v1``), and the secret it presents there."""

    url: str
    authentication_token: str

    def __repr__(self) -> str:
        """Hide the token from logs and tracebacks."""
        return f"WebService(url={self.url!r}, authentication_token=…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Everything pass.json says.

    The pass type, team and serial identify it for ever; the rest may change with each update,
    except the token in `web_service`. A store card has no relevant dates: Wallet does not
    support them for this style (Wallet Developer Guide, table 4-2), so there is no place here
    to write one.
    """

    pass_type_identifier: str
    team_identifier: str
    serial_number: str
    organization_name: str
    description: str
    store_card: StoreCard
    poster: PosterGeneric | None = None
    featured_actions: tuple[FeaturedAction, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    colours: Colours | None = None
    logo_text: str | None = None
    web_service: WebService | None = None
    locations: tuple[Location, ...] = ()
    max_distance_m: int | None = None
    beacons: tuple[Beacon, ...] = ()
    expires_at: datetime | None = None
    voided: bool = False
    sharing_prohibited: bool = False
    associated_store_identifiers: tuple[int, ...] = ()
    app_launch_url: str | None = None
    user_info: Mapping[str, "Json"] | None = None
