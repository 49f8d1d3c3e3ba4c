"""Scanning: staff hold a code before the till, which finds its card."""

from dataclasses import dataclass

from gateway.domain.attempts import CODE_PER_TILL
from gateway.domain.contacts import Contact
from gateway.domain.errors import NotFound
from gateway.domain.people import Principal
from gateway.services.cards.viewing import CardView, view_card
from gateway.services.people.guarding import count_attempt
from gateway.storage.unit import Units

CODE_CHARACTERS_MAX = 64


class NotOneOfOurs(NotFound):
    """This is not one of our cards."""

    code = "card_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The card a code belongs to, and whose it is."""

    view: CardView
    contact: Contact | None


async def scan(units: Units, principal: Principal, code: str) -> Scanned:
    """Find a card by its code, typed or scanned.

    Raises `NotOneOfOurs`, the same for a code of another merchant as for nonsense, and
    `TooManyAttempts` for a till that guesses.
    """
    subject = str(principal.till_id)
    await count_attempt(units, principal.merchant_id, [(CODE_PER_TILL, subject)])
    async with units(principal.merchant_id) as unit:
        try:
            card = await unit.cards.by_code(_normal(code))
        except NotFound:
            raise NotOneOfOurs from None
        await unit.attempts.forget(CODE_PER_TILL, subject)
        view = await view_card(unit, card)
        customer = (await unit.customers.many([card.customer_id]))[card.customer_id]
    return Scanned(view=view, contact=customer.contact)


def _normal(code: str) -> str:
    """Return a code as it is kept, however somebody typed it."""
    typed = "".join(code.split()).upper()
    return typed if typed.isascii() and typed.isprintable() else ""
