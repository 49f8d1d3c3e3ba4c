"""What somebody was written about a card: whether it arrived, and if not, why not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gateway.storage.messages.messages import MessageLine
from gateway.storage.unit import Unit


async def messages_of_card(
    unit: Unit, card_id: UUID, rows: int, before: tuple[datetime, UUID] | None = None
) -> Sequence[MessageLine]:
    """Return the messages about a card, newest first, after the last one seen.

    Raises `NotFound`.
    """
    card = await unit.cards.one(card_id)
    return await unit.messages.history(card.customer_id, card_id, rows, before)
