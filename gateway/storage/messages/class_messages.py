"""Messages to everybody at Google: whether one will do, whom it reaches, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Medium, Purpose
from gateway.domain.messages import Channel, MessageState
from gateway.storage.tables import cards, consents, customers, google_objects, messages


class ClassMessages:
    """The merchant's campaigns, as far as one message to a Google class carries them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def reaches_all(self, campaign_id: UUID, program_id: UUID | None) -> bool:
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
                    self._of(campaign_id, MessageState.QUEUED),
                    messages.c.card_id == table.card_id,
                )
                .correlate(google_objects),
            )
        )
        if program_id is not None:
            missed = missed.where(cards.c.program_id == program_id)
        return (await self._connection.execute(missed.limit(1))).first() is None

    async def programs(self, campaign_id: UUID) -> list[UUID]:
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
            .where(self._of(campaign_id, MessageState.SENDING))
            .order_by(cards.c.program_id)
        )
        return list(found.scalars())

    async def told_all(
        self, announced: tuple[UUID, UUID], state: MessageState, reason: str | None, now: datetime
    ) -> None:
        """Write what became of one message to all cards of a program: (campaign, program)."""
        campaign_id, program_id = announced
        of_program = select(cards.c.id).where(
            cards.c.merchant_id == self._merchant_id, cards.c.program_id == program_id
        )
        await self._connection.execute(
            update(messages)
            .where(self._of(campaign_id, MessageState.SENDING), messages.c.card_id.in_(of_program))
            .values(
                state=state,
                reason=reason,
                sent_at=now if state is MessageState.SENT else None,
                ended_at=now,
            )
        )

    async def time_zones(self, campaign_id: UUID) -> list[str]:
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
            .where(self._of(campaign_id, MessageState.SENDING))
        )
        return list(found.scalars())

    async def is_unwanted(self, campaign_id: UUID, since: datetime) -> bool:
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
                self._of(campaign_id, MessageState.SENDING),
                consents.c.channel == Medium.WALLET,
                consents.c.purpose == Purpose.MARKETING,
                consents.c.granted.is_(False),
                consents.c.given_at >= since,
            )
            .limit(1)
        )
        return found.first() is not None

    def _of(self, campaign_id: UUID, state: MessageState) -> ColumnElement[bool]:
        return and_(
            messages.c.merchant_id == self._merchant_id,
            messages.c.campaign_id == campaign_id,
            messages.c.customer_id.is_not(None),
            messages.c.channel == Channel.GOOGLE,
            messages.c.state == state,
        )
