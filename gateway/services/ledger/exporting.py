"""Exporting: a ledger as lines that anybody can verify, without the server."""

from collections.abc import AsyncIterator, Iterable, Iterator
from uuid import UUID

from gateway.domain.chains import Link
from gateway.domain.checkpoints import Checkpoint, Head
from gateway.domain.errors import Invalid
from gateway.presenters.ledger_lines import (
    FORMAT,
    CardLine,
    CheckpointLine,
    HeadLine,
    Line,
    Opening,
    TransactionLine,
    card_lines,
    checkpoint_lines,
    link_of,
)
from gateway.services.ledger.verifying import Chain, Sealed, Verdict, verify
from gateway.storage.auditing.checkpoints import Signed
from gateway.storage.unit import Unit

PORTION_CARDS = 500


async def export_lines(unit: Unit) -> AsyncIterator[Line]:
    """Yield the merchant's ledger: checkpoints first, then every card with its transactions."""
    yield Opening(unit.merchant_id, unit.now, FORMAT)
    for signed in await unit.checkpoints.all():
        heads = await unit.checkpoints.heads(signed.checkpoint.number)
        for line in checkpoint_lines(signed.checkpoint, signed.key_id, signed.signature, heads):
            yield line
    async for portion in unit.chains.portions():
        for head, links in portion:
            for line in card_lines(head, links):
                yield line


async def verify_lines(lines: Iterable[Line]) -> Verdict:
    """Verify an export, read line by line; raises `Invalid` when it is none."""
    reader = _Reader(iter(lines))
    return await verify(reader.portions(), reader.sealed())


class _Reader:
    """Reads an export once from front to back: first `sealed`, then `portions`."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        opening = next(lines, None)
        if not isinstance(opening, Opening):
            raise Invalid("This is not the export of a ledger.")
        self._merchant_id = opening.merchant_id
        self._next = next(lines, None)

    def sealed(self) -> list[Sealed]:
        """Return the checkpoints with their heads."""
        found: list[tuple[Signed, list[Head]]] = []
        while isinstance(self._next, CheckpointLine | HeadLine):
            line = self._take()
            if isinstance(line, CheckpointLine):
                found.append((_signed(self._merchant_id, line), []))
            elif isinstance(line, HeadLine):
                if not found or line.checkpoint != found[-1][0].checkpoint.number:
                    raise Invalid("The export is out of order: a head has no checkpoint.")
                found[-1][1].append(Head(line.card_id, line.number, line.hash))
        return [*found]

    async def portions(self) -> AsyncIterator[list[Chain]]:
        """Yield the cards with their links."""
        portion: list[Chain] = []
        while self._next is not None:
            portion.append(self._card())
            if len(portion) == PORTION_CARDS:
                yield portion
                portion = []
        yield portion

    def _card(self) -> tuple[Head, list[Link]]:
        line = self._take()
        if not isinstance(line, CardLine):
            raise Invalid("The export is out of order: a card was expected.")
        links: list[Link] = []
        while isinstance(self._next, TransactionLine):
            links.append(link_of(self._merchant_id, line.card_id, self._next))
            self._take()
        return Head(line.card_id, line.number, line.hash), links

    def _take(self) -> Line | None:
        line, self._next = self._next, next(self._lines, None)
        return line


def _signed(merchant_id: UUID, line: CheckpointLine) -> Signed:
    made = Checkpoint(
        merchant_id=merchant_id,
        number=line.number,
        made_at=line.made_at,
        previous=line.previous,
        root=line.root,
        heads=line.heads,
    )
    return Signed(made, line.key_id, line.signature)
