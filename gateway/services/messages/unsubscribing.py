"""Unsubscribing: one link ends one sort of message, and the same link can take that back."""

from gateway.domain.errors import NotFound
from gateway.services.messages.links import LinkUnreadable, Unsubscription
from gateway.services.messages.preferring import Choice, Chooser, choose
from gateway.storage.unit import Unit


async def decide(
    unit: Unit, wish: Unsubscription, chooser: Chooser, *, granted: bool, wording: str
) -> None:
    """Append what the holder of a link chose, with the words they saw; twice is once.

    Raises `LinkUnreadable` for a customer who never was.
    """
    choice = Choice(medium=wish.medium, purpose=wish.purpose, granted=granted, wording=wording)
    try:
        await choose(unit, wish.customer_id, [choice], chooser)
    except NotFound:
        raise LinkUnreadable from None
