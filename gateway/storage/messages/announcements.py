"""Announcements: a campaign's words on cards in wallets, and what became of them there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.ledger import Balances
from gateway.domain.messages import Channel, MessageState
from gateway.domain.rules.outcomes import RuleMemory
from gateway.storage.among import among
from gateway.storage.tables import cards, messages

BALANCES = "balances"


@dataclass(frozen=True, slots=True)
class Told:
    """How a card stood when it was told something."""

    balances: Balances
    memory: Mapping[str, RuleMemory]


class Announcements:
    """What the merchant's cards announce in wallets."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def put_on(self, campaign_id: UUID, card_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Let cards announce a campaign; return the version of each that does first.

        Locked in the order of the ledger.
        """
        found = await self._connection.execute(
            _PUT_ON,
            {
                "merchant_id": self._merchant_id,
                "card_ids": list(card_ids),
                "campaign_id": campaign_id,
            },
        )
        return {row.id: row.version for row in found}

    async def hold(self, card_ids: Sequence[UUID]) -> None:
        """Keep these cards from changing until the unit ends, in the order of the ledger."""
        await self._connection.execute(
            select(cards.c.id)
            .where(cards.c.merchant_id == self._merchant_id, among(cards.c.id, card_ids))
            .order_by(cards.c.id)
            .with_for_update(key_share=True)
        )

    async def take_off(self, campaign_id: UUID, card_ids: Sequence[UUID]) -> None:
        """Let cards announce nothing any more, unless it is another campaign by now."""
        await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                among(cards.c.id, card_ids),
                cards.c.announcement_id == campaign_id,
            )
            .values(announcement_id=None, version=cards.c.version + 1)
        )

    async def remember_balances(self, message_ids: Sequence[UUID]) -> None:
        """Keep with messages how their cards stand, for words that tell of it."""
        await self._connection.execute(
            _REMEMBER, {"merchant_id": self._merchant_id, "ids": list(message_ids)}
        )

    async def standing_told(self, campaign_id: UUID, customer_id: UUID) -> Told | None:
        """Return how a card stood when it was told of a campaign, if that was kept."""
        found = await self._connection.execute(
            select(messages.c.facts).where(
                messages.c.merchant_id == self._merchant_id,
                messages.c.campaign_id == campaign_id,
                messages.c.customer_id == customer_id,
                messages.c.channel == Channel.APPLE,
            )
        )
        facts = found.scalar()
        return msgspec.convert(facts, Told) if facts and BALANCES in facts else None

    async def under_way(self, campaign_id: UUID) -> dict[UUID, UUID]:
        """Return a campaign's messages on their way to Apple, by card; locked."""
        found = await self._connection.execute(
            select(messages.c.card_id, messages.c.id)
            .where(
                messages.c.merchant_id == self._merchant_id,
                messages.c.campaign_id == campaign_id,
                messages.c.customer_id.is_not(None),
                messages.c.channel == Channel.APPLE,
                messages.c.state == MessageState.SENDING,
            )
            .order_by(messages.c.id)
            .with_for_update()
        )
        return {row.card_id: row.id for row in found}

    async def pushed(self, devices: Sequence[tuple[str, str]], now: datetime) -> int:
        """Call what is announced on these devices' passes sent: Apple took the push.

        Each device by its pass type and its own name. Return how many messages that was news for.
        """
        written = await self._connection.execute(
            _PUSHED,
            {
                "merchant_id": self._merchant_id,
                "topics": [topic for topic, _ in devices],
                "devices": [device for _, device in devices],
                "now": now,
            },
        )
        return written.rowcount

    async def fetched(self, card_id: UUID, version: int, now: datetime) -> None:
        """Call what a card announces fetched: a device has the card at this version."""
        table = messages.c
        await self._connection.execute(
            update(messages)
            .where(
                table.merchant_id == self._merchant_id,
                table.card_id == card_id,
                table.channel == Channel.APPLE,
                # Written out, as in the index that makes this one look cost nothing.
                table.state.in_([MessageState.SENDING, MessageState.SENT]),
                table.card_version <= version,
            )
            .values(
                state=MessageState.FETCHED,
                reason=None,
                sent_at=_or_now(now),
                ended_at=now,
            )
        )


def _or_now(now: datetime) -> ColumnElement[datetime]:
    return func.coalesce(messages.c.sent_at, now)


_PUT_ON = text(
    """
    WITH held AS (
        SELECT id FROM cards
        WHERE merchant_id = :merchant_id AND id = ANY(CAST(:card_ids AS uuid[]))
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE cards c SET announcement_id = :campaign_id, version = c.version + 1
    FROM held
    WHERE c.merchant_id = :merchant_id AND c.id = held.id
    RETURNING c.id, c.version
    """
)

_REMEMBER = text(
    """
    UPDATE messages m SET facts = jsonb_build_object(
        'memory', c.memory,
        'balances', (
            SELECT coalesce(jsonb_object_agg(held.unit, held.balances), '{}')
            FROM (
                SELECT a.unit, jsonb_object_agg(a.account, a.balance) AS balances
                FROM accounts a
                WHERE a.merchant_id = c.merchant_id AND a.card_id = c.id
                GROUP BY a.unit
            ) held
        )
    )
    FROM cards c
    WHERE m.merchant_id = :merchant_id AND m.id = ANY(CAST(:ids AS uuid[]))
        AND c.merchant_id = m.merchant_id AND c.id = m.card_id
    """
)

# Locked in order of their ids: two settlements may hear of two devices with the same passes.
_PUSHED = text(
    """
    WITH news AS (
        SELECT id FROM messages
        WHERE merchant_id = :merchant_id AND state = 'sending' AND id IN (
            SELECT m.id
            FROM unnest(CAST(:topics AS text[]), CAST(:devices AS text[]))
                AS pushed(topic, device)
            JOIN registrations r ON r.merchant_id = :merchant_id
                AND r.pass_type_identifier = pushed.topic
                AND r.device_library_identifier = pushed.device
            JOIN passes p ON p.merchant_id = r.merchant_id
                AND p.pass_type_identifier = r.pass_type_identifier
                AND p.serial_number = r.serial_number
            JOIN messages m ON m.merchant_id = p.merchant_id AND m.card_id = p.card_id
            WHERE m.channel = 'apple' AND m.state = 'sending'
                AND m.card_version <= p.published_version
        )
        ORDER BY id FOR UPDATE
    )
    UPDATE messages m
    SET state = 'sent', reason = NULL, ended_at = CAST(:now AS timestamptz),
        sent_at = coalesce(m.sent_at, CAST(:now AS timestamptz))
    FROM news
    WHERE m.merchant_id = :merchant_id AND m.id = news.id
    """
)
