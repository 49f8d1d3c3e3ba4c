"""The books of all merchants are examined each quarter of an hour, and signed each hour."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from gateway.services.ledger.checkpointing import make_checkpoint
from gateway.services.ledger.signing import Signer
from gateway.storage.auditing.invariants import QUERIES
from gateway.storage.database import Database
from workers.metrics import Metrics


class Auditor:
    """Looks at every merchant's books in turn; what is wrong with one holds up no other."""

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
        transactions, nothing personal.
        """
        found = dict.fromkeys(QUERIES, 0)
        for merchant_id in await self._merchants():
            async with self._database.units(merchant_id) as unit:
                violations = await unit.audits.violations()
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
        self._metrics.examined_at.set(self._now().timestamp())
        return sum(found.values())

    async def sign(self) -> int:
        """Sign a checkpoint for every merchant whose ledger grew; return how many.

        Each is logged whole, so that whoever keeps the logs can prove that a tail was cut off.
        """
        signed = 0
        for merchant_id in await self._merchants():
            async with self._database.units(merchant_id) as unit:
                made = await make_checkpoint(unit, self._signer)
            if made is not None:
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

    async def _merchants(self) -> list[UUID]:
        async with self._database.directory() as directory:
            return await directory.merchant_ids()
