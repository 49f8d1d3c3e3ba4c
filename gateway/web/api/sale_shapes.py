"""How shops write a sale: its totals and lines as they stand now, in minor units."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from gateway.domain.ledger import AMOUNT_MAX
from gateway.domain.rules.happenings import Line as SaleLine
from gateway.domain.rules.happenings import Sale as SaleState

LINES_MAX = 200
NAME_CHARACTERS_MAX = 100
SEQUENCE_MAX = 2**62
SEEN_PATTERN = r"^\S(.*\S)?$"
"""What a reference looks like; `gateway.domain.references` checks it, in plain words."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Minor = Annotated[
    int,
    msgspec.Meta(ge=0, le=AMOUNT_MAX, description="In minor units: 350 is 3.50.", examples=[350]),
]
Source = Annotated[
    str,
    msgspec.Meta(
        # Python's `$` also matches before a line feed at the end.
        pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$(?!\n)",
        description="The system whose reference it is; a reference is unique in it for ever.",
        examples=["pos", "webshop"],
    ),
]
Reference = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=NAME_CHARACTERS_MAX,
        extra_json_schema={"pattern": SEEN_PATTERN},
        description="The receipt or order this sale is known by.",
        examples=["till-4/2026-11-21/000917"],
    ),
]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a sale: `amount` was paid for all of it, with `tax`, and `refunded` since."""

    amount: Minor
    category: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    tax: Minor = 0
    refunded: Minor = 0


class Sale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sale as it stands now: all that was paid for it, and all that was refunded since.

    What no line says was refunded is taken from all of them in proportion.
    """

    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", examples=["EUR"])]
    total_paid: Minor
    total_refunded: Minor = 0
    lines: Annotated[list[Line], msgspec.Meta(max_length=LINES_MAX)] = []

    @property
    def state(self) -> SaleState:
        """The sale as rules judge it."""
        return SaleState(
            currency=self.currency,
            total_paid=self.total_paid,
            total_refunded=self.total_refunded,
            lines=tuple(
                SaleLine(
                    category=line.category,
                    quantity=line.quantity,
                    amount=line.amount,
                    tax=line.tax,
                    refunded=line.refunded,
                )
                for line in self.lines
            ),
        )


class SaleTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which sale, where, and how it stands now.

    `sequence` numbers the states of a sale: the highest holds, also with a lower total. Without
    it totals only grow.
    """

    location_id: UUID
    reference: Reference
    sale: Sale
    source: Source = "api"
    occurred_at: Moment | None = None
    sequence: Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)] | None = None
