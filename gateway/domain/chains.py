"""The chain of a card: each transaction is hashed together with the one before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from gateway.domain.ledger import Entry

FIRST_HASH = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A transaction as its hash covers it: nothing personal, so that erasure breaks no chain.

    `number` counts from 1 without a gap, per card; `hash` is what the ledger says. Not covered are
    the reason that a person wrote, addresses, and the explanations.
    """

    merchant_id: UUID
    card_id: UUID
    number: int
    id: UUID
    kind: str
    occurred_at: datetime
    happened_at: datetime
    program_version_id: UUID
    business_day: date
    earnings: int
    visits: int
    spent: int
    given: Mapping[str, int]
    reverses: UUID | None
    actor: str
    source: str
    location_id: UUID | None
    till_id: UUID | None
    staff_id: UUID | None
    sale_id: UUID | None
    approved_by: UUID | None
    counterpart_card_id: UUID | None
    entries: tuple[Entry, ...]
    hash: bytes


def link_hash(previous: bytes, link: Link) -> bytes:
    """Return the SHA-256 of the hash before and the link's text, exactly as the database makes it.

    The text is one line each, `-` for what there is none of: merchant, card, number, transaction,
    kind, microseconds since 1970 when it was posted and when it happened, version, business day,
    earnings, visits, spent, what each rule gave as PostgreSQL writes jsonb, what it reverses,
    actor, source, location, till, staff, sale, who approved it, the other card, and the entries
    as unit/account/seq/delta/balance, sorted by unit and account, with commas between.
    """
    entries = sorted(link.entries, key=lambda entry: (entry.unit, entry.account))
    lines = (
        link.merchant_id,
        link.card_id,
        link.number,
        link.id,
        link.kind,
        (link.occurred_at - _EPOCH) // _MICROSECOND,
        (link.happened_at - _EPOCH) // _MICROSECOND,
        link.program_version_id,
        link.business_day.isoformat(),
        link.earnings,
        link.visits,
        link.spent,
        _jsonb(link.given),
        link.reverses,
        link.actor,
        link.source,
        link.location_id,
        link.till_id,
        link.staff_id,
        link.sale_id,
        link.approved_by,
        link.counterpart_card_id,
        ",".join(
            f"{each.unit}/{each.account}/{each.seq}/{each.delta}/{each.balance_after}"
            for each in entries
        ),
    )
    text = "\n".join("-" if line is None else str(line) for line in lines)
    return sha256(previous + text.encode()).digest()


def _jsonb(amounts: Mapping[str, int]) -> str:
    """Write an object as PostgreSQL writes jsonb: the shorter keys first."""
    keys = sorted(amounts, key=lambda key: (len(key), key))
    return "{" + ", ".join(f'"{key}": {amounts[key]}' for key in keys) + "}"


def chain_faults(links: Iterable[Link]) -> list[str]:
    """Return a sentence for everything that is wrong with one card's links, in their order.

    Found are an altered, a missing and a moved link. A chain that was cut at its end is found
    only by a checkpoint that saw it longer.
    """
    found: list[str] = []
    number, previous = 0, FIRST_HASH
    for link in links:
        if link.number != number + 1:
            found.append(f"card {link.card_id} #{link.number} follows #{number}")
        if link_hash(previous, link) != link.hash:
            found.append(f"card {link.card_id} #{link.number} is not what was written")
        number, previous = link.number, link.hash
    return found
