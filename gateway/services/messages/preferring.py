"""What a customer lets us write: yes and no are appended, addresses and language kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.consents import Consents, Medium, Purpose, agrees
from gateway.domain.contacts import KINDS, Contact, ContactKind
from gateway.domain.errors import Refusal
from gateway.domain.events.wishes import LanguageChosen
from gateway.domain.wording import Language
from gateway.services.messages.consenting import log_consent
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.consents import Consent
from gateway.storage.messages.messages import MessageLine
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.storage.unit import Unit

HISTORY_ROWS = 20


class LastAddress(Refusal):
    """The last address stays: by it the card is found again."""

    code = "last_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A yes or no, with the words it was said to."""

    medium: Medium
    purpose: Purpose
    granted: bool
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Where a choice was made, which is kept with it as proof, and where new ids come from.

    `is_proven` says that a link of ours led there, which only the customer was sent.
    """

    source: str
    remote_address: str | None
    new_id: Callable[[], UUID]
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesView:
    """A customer, what they agree to, and what they were sent lately, newest first.

    `silenced` has the ways by which their address is not written to, whatever they agree to.
    """

    customer: Customer
    consents: Consents
    silenced: Mapping[Medium, SuppressionReason]
    history: Sequence[MessageLine]


async def view_preferences(unit: Unit, customer_id: UUID) -> PreferencesView:
    """Read what a customer decides about; raises `NotFound`."""
    customer = await unit.customers.one(customer_id)
    return PreferencesView(
        customer=customer,
        consents=await unit.consents.of(customer_id),
        silenced=await _silenced(unit, customer),
        history=await unit.messages.history(customer_id, rows=HISTORY_ROWS),
    )


async def choose(
    unit: Unit, customer_id: UUID, choices: Sequence[Choice], chooser: Chooser
) -> list[Choice]:
    """Append each choice that changes something, and return those.

    Who says the same twice, or at once in two tabs, is heard once. The yes of who came by a link
    of ours also lifts the stop that the customer asked for; a browser's alone does not, since
    anybody may have typed the number into it. Raises `NotFound`.
    """
    customer = await unit.customers.hold(customer_id)
    before = await unit.consents.of(customer_id)
    changes = [
        each for each in choices if agrees(before, each.medium, each.purpose) is not each.granted
    ]
    for choice in changes:
        await log_consent(unit, _consent(customer_id, choice, chooser))
    for choice in choices:
        if choice.granted and chooser.is_proven:
            await _lift_stop(unit, customer, choice.medium)
    return changes


async def use_address(unit: Unit, customer_id: UUID, contact: Contact) -> None:
    """Write to another address from now on, in place of the one of its kind.

    An address that is somebody's already changes nothing, and nothing says so: nobody learns
    here who has a card. Raises `NotFound` for a customer who was erased.
    """
    await unit.customers.hold(customer_id)
    await unit.customers.add_contact(customer_id, contact, unit.now)


async def drop_address(unit: Unit, customer_id: UUID, kind: ContactKind) -> None:
    """Forget an address; raises `LastAddress`, or `NotFound` for an unknown customer."""
    customer = await unit.customers.hold(customer_id)
    if all(contact.kind is kind for contact in customer.contacts):
        raise LastAddress
    await unit.customers.remove_contact(customer_id, kind)


async def speak(unit: Unit, customer_id: UUID, language: Language) -> None:
    """Write to a customer in this language from now on, on their cards as well."""
    if await unit.customers.language(customer_id) == language:
        return
    await unit.customers.speak(customer_id, language)
    for card_id in await unit.upkeep.change_words(customer_id):
        unit.announce(LanguageChosen(card_id=card_id))


async def _silenced(unit: Unit, customer: Customer) -> dict[Medium, SuppressionReason]:
    silenced: dict[Medium, SuppressionReason] = {}
    for medium, kind in KINDS.items():
        for contact in customer.contacts:
            if contact.kind is kind:
                reason = await unit.suppressions.reason(medium, unit.customers.index(contact))
                silenced |= {medium: reason} if reason else {}
    return silenced


def _consent(customer_id: UUID, choice: Choice, chooser: Chooser) -> Consent:
    return Consent(
        id=chooser.new_id(),
        customer_id=customer_id,
        medium=choice.medium,
        purpose=choice.purpose,
        granted=choice.granted,
        wording=choice.wording,
        source=chooser.source,
        remote_address=chooser.remote_address,
    )


async def _lift_stop(unit: Unit, customer: Customer, medium: Medium) -> None:
    """Take back that the customer answered STOP; what bounced is not lifted by a wish."""
    kind = KINDS.get(medium)
    for contact in customer.contacts:
        if contact.kind is kind:
            index = unit.customers.index(contact)
            await unit.suppressions.lift(medium, index, SuppressionReason.STOPPED)
