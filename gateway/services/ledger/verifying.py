"""Verifying: whether a ledger is what was written, by its chains and its signed checkpoints."""

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from gateway.domain.chains import FIRST_HASH, Link, chain_faults
from gateway.domain.checkpoints import Checkpoint, Head, checkpoint_faults
from gateway.domain.ledger import faults
from gateway.services.ledger.signing import is_signed
from gateway.storage.auditing.checkpoints import Signed
from gateway.storage.unit import Unit

FAULTS_MAX = 1_000

Chain = tuple[Head, Sequence[Link]]
Sealed = tuple[Signed, Sequence[Head]]


@dataclass(slots=True)
class Verdict:
    """What was looked at, and a sentence for everything that is wrong, at most `FAULTS_MAX`."""

    cards: int = 0
    transactions: int = 0
    checkpoints: int = 0
    keys: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def blame(self, sentences: Iterable[str]) -> None:
        """Keep sentences about what is wrong."""
        self.faults += list(sentences)[: FAULTS_MAX - len(self.faults)]


async def verify_live(unit: Unit) -> Verdict:
    """Verify a merchant's ledger as it stands in the database."""
    sealed = [
        (signed, await unit.checkpoints.heads(signed.checkpoint.number))
        for signed in await unit.checkpoints.all()
    ]
    return await verify(unit.chains.portions(), sealed)


async def verify(portions: AsyncIterable[Sequence[Chain]], sealed: Sequence[Sealed]) -> Verdict:
    """Verify chains, a portion of cards at a time, against each other and the checkpoints.

    A chain that was cut is found by the checkpoints that saw it longer.
    """
    verdict = Verdict()
    _look_at_checkpoints(verdict, sealed)
    seen = _by_card(sealed)
    async for portion in portions:
        for head, links in portion:
            _look_at_card(verdict, head, links, seen.pop(head.card_id, []))
    verdict.blame(f"card {card_id} of a checkpoint is gone" for card_id in seen)
    return verdict


def _look_at_checkpoints(verdict: Verdict, sealed: Sequence[Sealed]) -> None:
    before: Checkpoint | None = None
    for signed, heads in sealed:
        made = signed.checkpoint
        verdict.blame(checkpoint_faults(made, before, heads))
        if not is_signed(signed):
            verdict.blame([f"checkpoint {made.number} is not signed by its key"])
        verdict.checkpoints += 1
        verdict.keys.add(signed.key_id)
        before = made


def _by_card(sealed: Sequence[Sealed]) -> dict[UUID, list[Head]]:
    seen: dict[UUID, list[Head]] = {}
    for _, heads in sealed:
        for head in heads:
            seen.setdefault(head.card_id, []).append(head)
    return seen


def _look_at_card(
    verdict: Verdict, head: Head, links: Sequence[Link], seen: Sequence[Head]
) -> None:
    verdict.cards += 1
    verdict.transactions += len(links)
    verdict.blame(chain_faults(links))
    verdict.blame(
        f"card {head.card_id}: {fault}"
        for fault in faults(entry for link in links for entry in link.entries)
    )
    hashes = {link.number: link.hash for link in links}
    last = links[-1] if links else None
    if (head.number, head.hash) != ((last.number, last.hash) if last else (0, FIRST_HASH)):
        verdict.blame([f"card {head.card_id} says its chain ends with #{head.number}"])
    verdict.blame(_unlike(hashes, seen))


def _unlike(hashes: Mapping[int, bytes], seen: Sequence[Head]) -> list[str]:
    return [
        f"card {head.card_id} #{head.number} is not what a checkpoint saw"
        for head in seen
        if hashes.get(head.number) != head.hash
    ]
