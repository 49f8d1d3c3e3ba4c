"""Asking for the link that proves a customer: it goes to the address on file, and nowhere else."""

from uuid import UUID

from gateway.domain.attempts import CARD_LINK_PER_CUSTOMER
from gateway.domain.events.wishes import CardLinkWanted
from gateway.storage.unit import Unit


async def ask_for_link(unit: Unit, customer_id: UUID, card_id: UUID) -> None:
    """Have the welcome sent to the card's customer again, a few times a day at most.

    Nothing tells whether it was: whoever asks may be a stranger, and learns nothing.
    """
    closed_until = await unit.attempts.reserve(CARD_LINK_PER_CUSTOMER, str(customer_id), unit.now)
    if closed_until is None:
        unit.announce(CardLinkWanted(card_id=card_id))
