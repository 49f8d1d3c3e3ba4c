"""The books of all merchants are examined each quarter of an hour, and signed each hour."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from gateway.services.ledger.checkpointing import make_checkpoint
from gateway.services.ledger.signing import Signer
from gateway.storage.auditing.invariants import QUERIES
from gateway.storage.database import Database
from gateway.storage.unit import Unit
from workers.metrics import Metrics

Seen = TypeVar("Seen")


class Auditor:
    """Looks at every merchant's books in turn; books that cannot be read hold up no others."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        metrics: Metrics,
        now: Callable[[], datetime],
    ) -> None:
        """Take what it reads, signs with and tells its findings to."""
        self._database = database
        self._signer = signer
        self._metrics = metrics
        self._now = now
        self._log = structlog.get_logger()

    async def examine(self) -> int:
        """Look for anything that must never be; return how many violations there are.

        Each is logged by the invariant's name and the merchant; the sentence names cards and
        transactions, nothing personal. Only a look that saw all books counts as one.
        """
        found = dict.fromkeys(QUERIES, 0)
        merchants = await self._merchants()
        seen = await self._each(merchants, "examine", lambda unit: unit.audits.violations())
        for merchant_id, violations in seen:
            for violation in violations:
                name, _, sentence = violation.partition(": ")
                found[name] += 1
                self._log.error(
                    "invariant_violated",
                    invariant=name,
                    merchant=str(merchant_id),
                    violation=sentence,
                )
        self._metrics.tell_violations(found)
        if len(seen) == len(merchants):
            self._metrics.examined_at.set(self._now().timestamp())
        return sum(found.values())

    async def sign(self) -> int:
        """Sign a checkpoint for every merchant whose ledger grew; return how many.

        Each is logged whole, so that whoever keeps the logs can prove that a tail was cut off.
        """
        signed = 0
        merchants = await self._merchants()
        seen = await self._each(
            merchants, "sign", lambda unit: make_checkpoint(unit, self._signer)
        )
        for merchant_id, made in seen:
            if made is None:
                continue
            signed += 1
            self._metrics.checkpoints.inc()
            self._log.info(
                "checkpoint_signed",
                merchant=str(merchant_id),
                number=made.checkpoint.number,
                root=made.checkpoint.root.hex(),
                signature=made.signature,
            )
        return signed

    async def _each(
        self,
        merchants: Sequence[UUID],
        what: str,
        see: Callable[[Unit], Awaitable[Seen]],
    ) -> list[tuple[UUID, Seen]]:
        """Return what was seen of each merchant, committed; without those that failed."""
        seen = []
        for merchant_id in merchants:
            try:
                async with self._database.patient(merchant_id) as unit:
                    result = await see(unit)
            except Exception as error:  # noqa: BLE001 -- whatever it was, the others have their turn
                self._log.error(
                    "books_failed",
                    what=what,
                    merchant=str(merchant_id),
                    error=type(error).__name__,
                )
            else:
                seen.append((merchant_id, result))
        return seen

    async def _merchants(self) -> list[UUID]:
        async with self._database.directory() as directory:
            return await directory.merchant_ids()
