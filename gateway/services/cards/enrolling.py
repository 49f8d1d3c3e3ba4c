"""Enrolling: a customer gives one address and has a card, or gets back the one they have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import ProgramNotActive
from gateway.domain.events.cards import CardOpened
from gateway.domain.people import Origin
from gateway.domain.programs import ProgramStatus
from gateway.services.merchants.experimenting import tie_of
from gateway.services.messages.consenting import log_consent
from gateway.storage.cards.cards import Card, NewCard
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.consents import Consent
from gateway.storage.unit import Unit

CODE_PREFIX = "LC1-"
CODE_CHARACTERS = 20
MEDIA = {ContactKind.MAIL: Medium.MAIL, ContactKind.PHONE: Medium.SMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a customer asked for; `agreed` has the words beside each box they ticked."""

    program_id: UUID
    contact: Contact
    language: str
    time_zone: str
    agreed: Mapping[Purpose, str]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """Where new ids and codes come from, and what draws a card's variant in an experiment."""

    new_id: Callable[[], UUID]
    new_code: Callable[[int], str]
    experiment_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The customer's card, and whether it and the customer are new.

    A known customer may get a new card, of another program: whoever typed their address is not
    proved to be them.
    """

    card: Card
    is_new: bool
    is_new_customer: bool


async def enrol(unit: Unit, enrolment: Enrolment, makers: Makers) -> Enrolled:
    """Give a customer their card; who has one gets the same again, never a second.

    A consent is recorded only when it was given: enrolling again with the box left empty takes
    nothing back, and with a tick no no either, as anybody may type an address. Raises
    `ProgramNotActive`, or `NotFound` for an unknown program.
    """
    program = await unit.programs.one(enrolment.program_id)
    if program.status is not ProgramStatus.ACTIVE:
        raise ProgramNotActive(status=program.status)
    newcomer = Customer(
        id=makers.new_id(),
        contacts=(enrolment.contact,),
        language=enrolment.language,
        time_zone=enrolment.time_zone,
    )
    customer_id = await unit.customers.claim(newcomer, unit.now)
    await _agree(unit, customer_id, enrolment, makers)
    card_id = makers.new_id()
    variant, version_id = await tie_of(unit, program.id, card_id, makers.experiment_key)
    card = NewCard(
        id=card_id,
        code=CODE_PREFIX + makers.new_code(CODE_CHARACTERS),
        program_id=program.id,
        customer_id=customer_id,
        variant=variant,
        variant_version_id=version_id,
    )
    is_new = await unit.cards.open(card, unit.now)
    if is_new:
        unit.announce(CardOpened(card_id=card.id, program_id=program.id))
    return Enrolled(
        card=await unit.cards.of_customer(customer_id, program.id),
        is_new=is_new,
        is_new_customer=customer_id == newcomer.id,
    )


async def _agree(unit: Unit, customer_id: UUID, enrolment: Enrolment, makers: Makers) -> None:
    """Record what was agreed to, but for what this customer has said no to."""
    if not enrolment.agreed:
        return
    await unit.customers.hold(customer_id)
    said = await unit.consents.of(customer_id)
    for purpose in enrolment.agreed:
        if said.get((MEDIA[enrolment.contact.kind], purpose)) is not False:
            await log_consent(unit, _consent(customer_id, purpose, enrolment, makers))


def _consent(customer_id: UUID, purpose: Purpose, enrolment: Enrolment, makers: Makers) -> Consent:
    return Consent(
        id=makers.new_id(),
        customer_id=customer_id,
        medium=MEDIA[enrolment.contact.kind],
        purpose=purpose,
        granted=True,
        wording=enrolment.agreed[purpose],
        source=enrolment.origin.source,
        remote_address=enrolment.origin.remote_address,
    )
