"""A ledger's export: one JSON object per line, with nothing personal in it.

The first line names the merchant and the format, then come checkpoints with the heads they were
made over, then each card followed by its transactions in order.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from gateway.domain.chains import Link
from gateway.domain.checkpoints import Checkpoint, Head
from gateway.domain.ledger import Account, Entry

FORMAT: Literal["passgate-ledger-1"] = "passgate-ledger-1"

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Opening(msgspec.Struct, frozen=True, tag="ledger", forbid_unknown_fields=True):
    """Whose ledger it is, and when it was read."""

    merchant_id: UUID
    exported_at: Moment
    format: Literal["passgate-ledger-1"]


class CheckpointLine(msgspec.Struct, frozen=True, tag="checkpoint", forbid_unknown_fields=True):
    """A signed checkpoint; bytes are in base64."""

    number: Count
    made_at: Moment
    previous: bytes
    root: bytes
    heads: Count
    key_id: str
    signature: str


class HeadLine(msgspec.Struct, frozen=True, tag="head", forbid_unknown_fields=True):
    """Where a card's chain ended when the checkpoint was made."""

    checkpoint: Count
    card_id: UUID
    number: Count
    hash: bytes


class CardLine(msgspec.Struct, frozen=True, tag="card", forbid_unknown_fields=True):
    """A card, and where it says its chain ends; its transactions follow."""

    card_id: UUID
    number: Count
    hash: bytes


class TransactionLine(msgspec.Struct, frozen=True, tag="transaction", forbid_unknown_fields=True):
    """A transaction of the card before; an entry is unit, account, seq, delta, balance after."""

    number: Count
    id: UUID
    kind: str
    occurred_at: Moment
    happened_at: Moment
    program_version_id: UUID
    business_day: date
    earnings: int
    visits: int
    spent: int
    given: dict[str, int]
    reverses: UUID | None
    actor: str
    source: str
    location_id: UUID | None
    till_id: UUID | None
    staff_id: UUID | None
    sale_id: UUID | None
    approved_by: UUID | None
    counterpart_card_id: UUID | None
    entries: tuple[tuple[str, Account, int, int, int], ...]
    hash: bytes


Line = Opening | CheckpointLine | HeadLine | CardLine | TransactionLine

_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def written(line: Line) -> bytes:
    """Return a line, with its end."""
    return msgspec.json.encode(line) + b"\n"


def read(line: bytes) -> Line:
    """Return what a line says; raises `msgspec.ValidationError` or `msgspec.DecodeError`."""
    return _DECODER.decode(line)


def card_lines(head: Head, links: Iterable[Link]) -> Iterator[Line]:
    """Yield a card and its transactions."""
    yield CardLine(head.card_id, head.number, head.hash)
    for link in links:
        yield TransactionLine(
            number=link.number,
            id=link.id,
            kind=link.kind,
            occurred_at=link.occurred_at,
            happened_at=link.happened_at,
            program_version_id=link.program_version_id,
            business_day=link.business_day,
            earnings=link.earnings,
            visits=link.visits,
            spent=link.spent,
            given=dict(link.given),
            reverses=link.reverses,
            actor=link.actor,
            source=link.source,
            location_id=link.location_id,
            till_id=link.till_id,
            staff_id=link.staff_id,
            sale_id=link.sale_id,
            approved_by=link.approved_by,
            counterpart_card_id=link.counterpart_card_id,
            entries=tuple(
                (each.unit, each.account, each.seq, each.delta, each.balance_after)
                for each in link.entries
            ),
            hash=link.hash,
        )


def checkpoint_lines(
    made: Checkpoint, key_id: str, signature: str, heads: Sequence[Head]
) -> Iterator[Line]:
    """Yield a checkpoint and its heads."""
    yield CheckpointLine(
        made.number, made.made_at, made.previous, made.root, made.heads, key_id, signature
    )
    for head in heads:
        yield HeadLine(made.number, head.card_id, head.number, head.hash)


def link_of(merchant_id: UUID, card_id: UUID, line: TransactionLine) -> Link:
    """Return the link that a line of a card says."""
    return Link(
        merchant_id=merchant_id,
        card_id=card_id,
        number=line.number,
        id=line.id,
        kind=line.kind,
        occurred_at=line.occurred_at,
        happened_at=line.happened_at,
        program_version_id=line.program_version_id,
        business_day=line.business_day,
        earnings=line.earnings,
        visits=line.visits,
        spent=line.spent,
        given=line.given,
        reverses=line.reverses,
        actor=line.actor,
        source=line.source,
        location_id=line.location_id,
        till_id=line.till_id,
        staff_id=line.staff_id,
        sale_id=line.sale_id,
        approved_by=line.approved_by,
        counterpart_card_id=line.counterpart_card_id,
        entries=tuple(Entry(line.id, *entry) for entry in line.entries),
        hash=line.hash,
    )
