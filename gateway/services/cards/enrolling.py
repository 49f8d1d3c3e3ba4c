"""Enrolling: a customer gives one address and has a card, or gets back the one they have."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.contacts import Contact
from gateway.domain.errors import ProgramNotActive
from gateway.domain.events import CardOpened
from gateway.domain.people import Origin
from gateway.domain.programs import ProgramStatus
from gateway.storage.cards.cards import Card, NewCard
from gateway.storage.cards.customers import Consent, Customer
from gateway.storage.unit import Unit

CODE_PREFIX = "LC1-"
CODE_CHARACTERS = 20
MARKETING = "marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a customer asked for; `wording` is the text beside the box they did or did not tick."""

    program_id: UUID
    contact: Contact
    language: str
    agreed: bool
    wording: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """Where new ids and codes come from."""

    new_id: Callable[[], UUID]
    new_code: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The customer's card, and whether it is new."""

    card: Card
    is_new: bool


async def enrol(unit: Unit, enrolment: Enrolment, makers: Makers) -> Enrolled:
    """Give a customer their card; who has one gets the same again, never a second.

    A consent is recorded only when it was given: enrolling again with the box left empty takes
    nothing back. Raises `ProgramNotActive`, or `NotFound` for an unknown program.
    """
    program = await unit.programs.one(enrolment.program_id)
    if program.status is not ProgramStatus.ACTIVE:
        raise ProgramNotActive(status=program.status)
    customer_id = await unit.customers.claim(
        Customer(id=makers.new_id(), contact=enrolment.contact, language=enrolment.language),
        unit.now,
    )
    if enrolment.agreed:
        await unit.customers.add_consent(_consent(customer_id, enrolment, makers), unit.now)
    card = NewCard(
        id=makers.new_id(),
        code=CODE_PREFIX + makers.new_code(CODE_CHARACTERS),
        program_id=program.id,
        customer_id=customer_id,
    )
    is_new = await unit.cards.open(card, unit.now)
    if is_new:
        unit.announce(CardOpened(card_id=card.id, program_id=program.id))
    return Enrolled(card=await unit.cards.of_customer(customer_id, program.id), is_new=is_new)


def _consent(customer_id: UUID, enrolment: Enrolment, makers: Makers) -> Consent:
    return Consent(
        id=makers.new_id(),
        customer_id=customer_id,
        channel=enrolment.contact.kind,
        purpose=MARKETING,
        granted=True,
        wording=enrolment.wording,
        source=enrolment.origin.source,
        remote_address=enrolment.origin.remote_address,
    )
