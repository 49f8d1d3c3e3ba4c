"""What tills say and hear: five verbs, each with the GUID that makes a retry the same request."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from gateway.domain.cards import CardStatus
from gateway.presenters.answers import Amount, CardProgress, Explained
from gateway.presenters.rule_progress import RuleProgress
from gateway.web.api.sale_shapes import SEQUENCE_MAX, Moment, Reference, Sale, Source

ITEMS_MAX = 500
ADDRESS_CHARACTERS_MAX = 254

Guid = Annotated[
    str,
    msgspec.Meta(
        min_length=8,
        max_length=100,
        extra_json_schema={"pattern": "^[!-~]+$"},
        description="Made up by the till for each transaction, kept, and sent again on a retry.",
        examples=["4b8e6f8e-8f3c-4d36-9df1-6d6a3f0f5f1e"],
    ),
]
Identifier = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=64, description="The card's code, scanned or typed."),
]


class PosSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the three: a card's code, or the whole phone number or mail address of a customer."""

    code: Identifier | None = None
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    mail: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARACTERS_MAX)] | None = None


class PosInquiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card before the till."""

    identifier: Identifier


class PosAccrual(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="verb", tag="accrue"
):
    """A sale with its receipt's reference or, without a sale, a visit.

    Without a reference it is known by its GUID.
    """

    transaction_guid: Guid
    identifier: Identifier
    location_id: UUID
    sale: Sale | None = None
    source: Source = "pos"
    reference: Reference | None = None
    sequence: Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)] | None = None
    occurred_at: Moment | None = None


class PosRedemption(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="verb", tag="redeem"
):
    """A reward that is handed out at once; say where, if the program is not for every location."""

    transaction_guid: Guid
    identifier: Identifier
    reward_id: UUID
    location_id: UUID | None = None


class PosReversal(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="verb", tag="reverse"
):
    """The GUID of a transaction of the same key that is taken back whole."""

    transaction_guid: Guid
    identifier: Identifier
    reversed_guid: Guid


class PosDeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a till did while it was offline: when by its clock, and the how-many-eth."""

    occurred_at: Moment
    counter: Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)]
    transaction: PosAccrual | PosRedemption | PosReversal


class PosBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a till did since it was last `synced_at`, in any order."""

    items: Annotated[list[PosDeed], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]
    synced_at: Moment | None = None


class PosBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a card of one unit; `available` is below zero when the card owes."""

    unit: str
    available: int
    pending: int
    reserved: int


class RewardReady(msgspec.Struct, frozen=True, kw_only=True):
    """A reward the card can have now."""

    reward_id: UUID
    name: str
    unit: str
    cost: int


class PosDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """An amount that ends at a moment if it is not used."""

    unit: str
    amount: int
    expires_at: datetime


class PosCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card as a till shows it; `contact` is masked. The text fits on a receipt."""

    card_id: UUID
    identifier: str
    status: CardStatus
    program_id: UUID
    program: str
    contact: str | None
    progress: CardProgress
    rules: tuple[RuleProgress, ...]
    tier: str | None
    tier_name: str | None
    balances: list[PosBalance]
    rewards_ready: list[RewardReady]
    deadlines: list[PosDeadline]
    receipt_text: str


class PosCards(msgspec.Struct, frozen=True):
    """The cards that were found; none is an empty list."""

    items: list[PosCard]


class PosDone(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction of a till was carried out; `given` is below zero what was taken back."""

    transaction_guid: str
    card_id: UUID
    transaction_id: UUID | None = None
    sale_id: UUID | None = None
    redemption_id: UUID | None = None
    given: list[Amount] = []
    progress: CardProgress
    tier: str | None = None
    tier_name: str | None = None
    receipt_text: str
    explanations: list[Explained] = []


class PosResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one item of a batch: the answer it would have had alone."""

    transaction_guid: str
    status: int
    replayed: bool = False
    done: PosDone | None = None
    problem: dict[str, Any] | None = None


class PosResults(msgspec.Struct, frozen=True):
    """A result for each item, in the order of the request."""

    items: list[PosResult]
