"""A merchant's manners: when, how often and about what its customers are written to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.contacting import ContactBudget, ContactPolicy, QuietHours, default_policy
from gateway.domain.errors import ChangedMeanwhile, Invalid
from gateway.storage.tables import merchants, message_settings

UNWRITTEN = 0
"""The revision of manners that are only those of the country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSettings:
    """A merchant's manners and senders; nobody is written to about `silent_events`.

    `sms_sender` is a number (E.164) or a name of letters; without one the merchant sends no SMS.
    """

    policy: ContactPolicy
    silent_events: frozenset[str] = frozenset()
    reply_to: str | None = None
    sms_sender: str | None = None
    revision: int = UNWRITTEN


class Manners:
    """The merchant's manners."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def read(self) -> MessageSettings:
        """Return the merchant's manners, or those of its country before it wrote any."""
        table = message_settings
        found = await self._connection.execute(
            select(merchants.c.country, table)
            .join_from(merchants, table, table.c.merchant_id == merchants.c.id, isouter=True)
            .where(merchants.c.id == self._merchant_id)
        )
        row = found.one()
        if row.revision is None:
            return MessageSettings(policy=default_policy(row.country))
        quiet = QuietHours(begins=row.quiet_begins, ends=row.quiet_ends, sundays=row.quiet_sundays)
        budget = ContactBudget(a_day=row.offers_a_day, a_week=row.offers_a_week)
        return MessageSettings(
            policy=ContactPolicy(quiet=quiet, budget=budget),
            silent_events=frozenset(row.silent_events),
            reply_to=row.reply_to,
            sms_sender=row.sms_sender,
            revision=row.revision,
        )

    async def write(self, settings: MessageSettings, *, revision: int) -> None:
        """Write manners, if they still are at `revision` (`UNWRITTEN` before the first time).

        Raises `ChangedMeanwhile` when somebody was faster, and `Invalid` for a sender of text
        messages that another merchant has.
        """
        try:
            written = await self._write(settings, revision)
        except IntegrityError:
            # A sender is at most one merchant's; nothing else here can be taken.
            raise Invalid("Another merchant sends under this number or name.") from None
        if not written:
            raise ChangedMeanwhile

    async def _write(self, settings: MessageSettings, revision: int) -> int:
        values = _columns(settings) | {"revision": revision + 1}
        table = message_settings
        if revision == UNWRITTEN:
            written = await self._connection.execute(
                insert(table)
                .values(merchant_id=self._merchant_id, **values)
                .on_conflict_do_nothing(index_elements=["merchant_id"])
            )
        else:
            written = await self._connection.execute(
                update(table)
                .where(table.c.merchant_id == self._merchant_id, table.c.revision == revision)
                .values(values)
            )
        return written.rowcount


def _columns(settings: MessageSettings) -> dict[str, object]:
    quiet, budget = settings.policy.quiet, settings.policy.budget
    return {
        "quiet_begins": quiet.begins,
        "quiet_ends": quiet.ends,
        "quiet_sundays": quiet.sundays,
        "offers_a_day": budget.a_day,
        "offers_a_week": budget.a_week,
        "silent_events": sorted(settings.silent_events),
        "reply_to": settings.reply_to,
        "sms_sender": settings.sms_sender,
    }
