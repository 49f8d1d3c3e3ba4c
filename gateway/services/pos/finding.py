"""Finding: a till asks whose card it is, by code or by an address the customer says."""

from collections.abc import Sequence

from gateway.domain.attempts import SEARCH_PER_KEY
from gateway.domain.contacts import Contact
from gateway.domain.errors import NotFound
from gateway.domain.people import Principal
from gateway.services.cards.viewing import CardView, view_card
from gateway.services.people.guarding import count_attempt
from gateway.storage.cards.cards import Card
from gateway.storage.unit import Unit, Units

CARDS_MAX = 20


async def card_of(unit: Unit, identifier: str) -> Card:
    """Return the card with a scanned or typed code; raises `NotFound`."""
    typed = "".join(identifier.split()).upper()
    if not (typed.isascii() and typed.isprintable()):
        raise NotFound("This card does not exist.")
    return await unit.cards.by_code(typed)


async def find_cards(
    units: Units, principal: Principal, *, code: str | None, contact: Contact | None
) -> Sequence[tuple[CardView, Contact | None]]:
    """Return the cards with a code, or of who has exactly this address, and whose they are.

    Nothing found is an empty list, the same for another merchant's customer as for nobody's.
    Raises `TooManyAttempts` for who tries address after address.
    """
    if contact is not None:
        await count_attempt(units, principal.merchant_id, [(SEARCH_PER_KEY, principal.name)])
    async with units(principal.merchant_id) as unit:
        cards = await _cards(unit, code, contact)
        customers = await unit.customers.many([card.customer_id for card in cards])
        return [
            (await view_card(unit, card), customers[card.customer_id].contact) for card in cards
        ]


async def _cards(unit: Unit, code: str | None, contact: Contact | None) -> list[Card]:
    if code is not None:
        try:
            return [await card_of(unit, code)]
        except NotFound:
            return []
    if contact is None:
        return []
    customer_id = await unit.customers.having(contact)
    if customer_id is None:
        return []
    return await unit.cards.of_one_customer(customer_id, CARDS_MAX)
