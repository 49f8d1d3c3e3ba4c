"""A checkpoint: signed now and then, it says how far each card's chain had grown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from gateway.domain.merkle import root

FIRST_PREVIOUS = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The last link of a card's chain: its number and its hash."""

    card_id: UUID
    number: int
    hash: bytes

    @property
    def leaf(self) -> bytes:
        """The head as a leaf of the checkpoint's tree."""
        return self.card_id.bytes + self.number.to_bytes(8, "big") + self.hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The heads of all chains that grew since the one before, as one root.

    `previous` is the SHA-256 of the checkpoint before, so that none can be left out.
    """

    merchant_id: UUID
    number: int
    made_at: datetime
    previous: bytes
    root: bytes
    heads: int

    @property
    def statement(self) -> bytes:
        """What is signed: the checkpoint as text, a line each."""
        lines = (
            "passgate ledger checkpoint 1",
            self.merchant_id,
            self.number,
            (self.made_at - _EPOCH) // _MICROSECOND,
            self.previous.hex(),
            self.root.hex(),
            self.heads,
        )
        return "\n".join(map(str, lines)).encode()

    @property
    def hash(self) -> bytes:
        """What the next checkpoint names it by."""
        return sha256(self.statement).digest()


def checkpoint(
    merchant_id: UUID, before: Checkpoint | None, heads: Iterable[Head], made_at: datetime
) -> Checkpoint:
    """Return the checkpoint after `before` over these heads."""
    leaves = [head.leaf for head in sorted(heads)]
    return Checkpoint(
        merchant_id=merchant_id,
        number=before.number + 1 if before else 1,
        made_at=made_at,
        previous=before.hash if before else FIRST_PREVIOUS,
        root=root(leaves),
        heads=len(leaves),
    )


def checkpoint_faults(
    made: Checkpoint, before: Checkpoint | None, heads: Sequence[Head]
) -> list[str]:
    """Return a sentence for everything that does not fit between a checkpoint and its heads."""
    name, found = f"checkpoint {made.number}", []
    expected = checkpoint(made.merchant_id, before, heads, made.made_at)
    if made.number != expected.number or made.previous != expected.previous:
        found.append(f"{name} does not follow the one before")
    if made.root != expected.root or made.heads != expected.heads:
        found.append(f"{name} is not the root of its heads")
    return found
