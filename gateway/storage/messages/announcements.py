"""Announcements: a campaign's words on cards in wallets, and what became of them there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Medium, Purpose
from gateway.domain.messages import Channel, MessageState
from gateway.storage.tables import cards, consents, customers, google_objects, messages


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
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id.in_(card_ids))
            .order_by(cards.c.id)
            .with_for_update(key_share=True)
        )

    async def take_off(self, campaign_id: UUID, card_ids: Sequence[UUID]) -> None:
        """Let cards announce nothing any more, unless it is another campaign by now."""
        await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.id.in_(card_ids),
                cards.c.announcement_id == campaign_id,
            )
            .values(announcement_id=None, version=cards.c.version + 1)
        )

    async def language(self, customer_id: UUID) -> str:
        """Return the language a card's customer reads, such as `fr-LU`."""
        found = await self._connection.execute(
            select(customers.c.language).where(
                customers.c.merchant_id == self._merchant_id, customers.c.id == customer_id
            )
        )
        language: str = found.scalar_one()
        return language

    async def under_way(self, campaign_id: UUID) -> dict[UUID, UUID]:
        """Return a campaign's messages on their way to Apple, by card; locked."""
        found = await self._connection.execute(
            select(messages.c.card_id, messages.c.id)
            .where(self._sending(campaign_id, Channel.APPLE))
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

    async def reaches_all_of_google(self, campaign_id: UUID, program_id: UUID | None) -> bool:
        """Whether nobody who has a card in Google Wallet is left out of what is queued.

        Without a program, of all programs.
        """
        table = google_objects.c
        missed = (
            select(table.card_id)
            .join(
                cards, and_(cards.c.merchant_id == table.merchant_id, cards.c.id == table.card_id)
            )
            .where(
                table.merchant_id == self._merchant_id,
                table.saved_at.is_not(None),
                table.removed_at.is_(None),
                ~exists()
                .where(
                    self._of(campaign_id, Channel.GOOGLE, MessageState.QUEUED),
                    messages.c.card_id == table.card_id,
                )
                .correlate(google_objects),
            )
        )
        if program_id is not None:
            missed = missed.where(cards.c.program_id == program_id)
        return (await self._connection.execute(missed.limit(1))).first() is None

    async def google_programs(self, campaign_id: UUID) -> list[UUID]:
        """Return the programs whose cards have a message on its way to Google."""
        found = await self._connection.execute(
            select(cards.c.program_id)
            .distinct()
            .join_from(
                messages,
                cards,
                and_(
                    cards.c.merchant_id == messages.c.merchant_id,
                    cards.c.id == messages.c.card_id,
                ),
            )
            .where(self._sending(campaign_id, Channel.GOOGLE))
            .order_by(cards.c.program_id)
        )
        return list(found.scalars())

    async def told_all_of_google(
        self, announced: tuple[UUID, UUID], state: MessageState, reason: str | None, now: datetime
    ) -> None:
        """Write what became of one message to all cards of a program: (campaign, program)."""
        campaign_id, program_id = announced
        of_program = select(cards.c.id).where(
            cards.c.merchant_id == self._merchant_id, cards.c.program_id == program_id
        )
        await self._connection.execute(
            update(messages)
            .where(self._sending(campaign_id, Channel.GOOGLE), messages.c.card_id.in_(of_program))
            .values(
                state=state,
                reason=reason,
                sent_at=now if state is MessageState.SENT else None,
                ended_at=now,
            )
        )

    async def google_zones(self, campaign_id: UUID) -> list[str]:
        """Return the time zones that a message on its way to Google will reach."""
        found = await self._connection.execute(
            select(customers.c.time_zone)
            .distinct()
            .join_from(
                messages,
                customers,
                and_(
                    customers.c.merchant_id == messages.c.merchant_id,
                    customers.c.id == messages.c.customer_id,
                ),
            )
            .where(self._sending(campaign_id, Channel.GOOGLE))
        )
        return list(found.scalars())

    async def is_unwanted_in_google(self, campaign_id: UUID, since: datetime) -> bool:
        """Whether somebody with a message on its way to Google said no since then."""
        found = await self._connection.execute(
            select(consents.c.id)
            .join(
                messages,
                and_(
                    messages.c.merchant_id == consents.c.merchant_id,
                    messages.c.customer_id == consents.c.customer_id,
                ),
            )
            .where(
                self._sending(campaign_id, Channel.GOOGLE),
                consents.c.channel == Medium.WALLET,
                consents.c.purpose == Purpose.MARKETING,
                consents.c.granted.is_(False),
                consents.c.given_at >= since,
            )
            .limit(1)
        )
        return found.first() is not None

    def _sending(self, campaign_id: UUID, channel: Channel) -> ColumnElement[bool]:
        return self._of(campaign_id, channel, MessageState.SENDING)

    def _of(self, campaign_id: UUID, channel: Channel, state: MessageState) -> ColumnElement[bool]:
        return and_(
            messages.c.merchant_id == self._merchant_id,
            messages.c.campaign_id == campaign_id,
            messages.c.customer_id.is_not(None),
            messages.c.channel == channel,
            messages.c.state == state,
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
