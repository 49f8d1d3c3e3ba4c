"""A merchant's own words; where there are none, ours are sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Medium
from gateway.domain.errors import ChangedMeanwhile
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.storage.tables import wordings

UNWRITTEN = 0
"""The revision of words that the merchant did not write yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWording:
    """What a merchant says about an event by one way in one language."""

    event: MessageEvent
    medium: Medium
    language: Language
    wording: Wording
    revision: int


class Wordings:
    """The merchant's own words."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def all(self) -> list[OwnWording]:
        """Return everything the merchant wrote: at most one per event, way and language."""
        found = await self._connection.execute(
            select(wordings).where(wordings.c.merchant_id == self._merchant_id)
        )
        return [
            OwnWording(
                event=MessageEvent(row.event),
                medium=Medium(row.channel),
                language=Language(row.language),
                wording=Wording(row.body, row.subject),
                revision=row.revision,
            )
            for row in found
        ]

    async def write(self, own: OwnWording, now: datetime) -> None:
        """Keep checked words, if they still are at `own.revision` (`UNWRITTEN` at first).

        Raises `ChangedMeanwhile` when somebody was faster.
        """
        table = wordings
        values = {
            "subject": own.wording.subject,
            "body": own.wording.body,
            "revision": own.revision + 1,
            "changed_at": now,
        }
        if own.revision == UNWRITTEN:
            written = await self._connection.execute(
                insert(table)
                .values(
                    merchant_id=self._merchant_id,
                    event=own.event,
                    channel=own.medium,
                    language=own.language,
                    **values,
                )
                .on_conflict_do_nothing()
            )
        else:
            written = await self._connection.execute(
                update(table)
                .where(
                    table.c.merchant_id == self._merchant_id,
                    table.c.event == own.event,
                    table.c.channel == own.medium,
                    table.c.language == own.language,
                    table.c.revision == own.revision,
                )
                .values(values)
            )
        if not written.rowcount:
            raise ChangedMeanwhile

    async def one(
        self, event: MessageEvent, medium: Medium, language: Language
    ) -> OwnWording | None:
        """Return what the merchant wrote here, or None."""
        same = (each for each in await self.all() if each.event is event)
        return next(
            (each for each in same if (each.medium, each.language) == (medium, language)), None
        )

    async def forget(self, own: OwnWording) -> None:
        """Go back to our words, if the merchant's still are at `own.revision`.

        Raises `ChangedMeanwhile` when somebody was faster.
        """
        forgotten = await self._connection.execute(
            delete(wordings).where(
                wordings.c.merchant_id == self._merchant_id,
                wordings.c.event == own.event,
                wordings.c.channel == own.medium,
                wordings.c.language == own.language,
                wordings.c.revision == own.revision,
            )
        )
        if not forgotten.rowcount:
            raise ChangedMeanwhile
