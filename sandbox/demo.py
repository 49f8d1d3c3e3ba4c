"""The demo: a café with two shops, people at its tills, and customers with a past."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.business_day import BusinessClock
from gateway.domain.consents import Purpose
from gateway.domain.contacting import default_policy
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound
from gateway.domain.people import Origin, Permission, Principal, Role
from gateway.domain.programs import Look, Program, ProgramCommand
from gateway.domain.rules.keys import STAMP
from gateway.domain.rules.plan import Limits, Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import StampRule
from gateway.resources import Resources, new_code, new_id
from gateway.services.cards.commands import StampCard
from gateway.services.cards.enrolling import Enrolment, Makers, enrol
from gateway.services.cards.stamping import Books, stamp
from gateway.services.merchants.designing import Author, Design, create_program
from gateway.services.merchants.steering import command_program
from gateway.services.people.credentials import hash_secret
from gateway.storage.cards.cards import Card
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import Question, Reading
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.people.merchants import Location, Merchant, PassType
from gateway.storage.people.people import Member
from gateway.storage.people.tills import Till
from gateway.storage.unit import Unit
from sandbox.certificates import TEAM_IDENTIFIER
from sandbox.demo_club import CLUB, PURCHASES, beans, spend
from sandbox.google.accounts import DEVELOPMENT_ISSUER
from sandbox.installation import DEMO_PASS_TYPE

SLUG = "cafe-lumiere"
OWNER_MAIL = "claire@lumiere.example"
OWNER_PASSWORD = "bonjour-lumiere"  # noqa: S105 - printed for everybody who tries passgate
OWNER_PIN, BARISTA_PIN = "7391", "2846"
PAIRING_CODES = {"Centre": "LUMIERECTR", "Kirchberg": "LUMIEREKBG"}
POSTER_CODES = {"Centre": "centre", "Kirchberg": "kirchberg"}
PAIRING_LIFE = timedelta(days=3650)

COFFEE = Design(
    name="Coffee card",
    plan=Plan(
        rules=(
            StampRule(stamps_required=10, reward=FreeItem(description="A coffee of your choice")),
        )
    ),
    look=Look(),
)
HAPPY_HOUR = Design(
    name="Happy hour",
    plan=Plan(
        rules=(StampRule(stamps_required=5, reward=FreeItem(description="A croissant")),),
        limits=Limits(cooldown_minutes=0, daily_limit=50),
    ),
    look=Look(background="#7a2e1d", foreground="#ffffff", label="#ffd9c7"),
)
# How often each customer came so far, always on the days before today.
COFFEE_VISITS = (9, 10, 6, 13, 4, 3, 1)
HAPPY_HOUR_VISITS = (4,)
OFFERS_WORDING = "Café Lumière may send me offers. I can stop this at any time."
SMS_SENDER = "+352621000100"

_CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
_ORIGIN = Origin(source="demo")
_DAY = timedelta(days=1)


class PastLedger(Ledger):
    """The ledger at an earlier moment: what is decided and written on it happened then."""

    moment: datetime

    async def read(self, questions: Sequence[Question]) -> list[Reading]:
        """Return the readings as of the moment."""
        return [replace(reading, now=self.moment) for reading in await super().read(questions)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A customer's card and the number of visits it will have seen."""

    card: Card
    visits: int


async def seed(resources: Resources) -> str:
    """Fill in the demo merchant unless it is there; return its log-ins."""
    try:
        async with resources.database.directory() as directory:
            merchant = await directory.merchant(SLUG)
    except NotFound:
        merchant = await _found(resources)
    async with resources.units(merchant.id) as unit:
        await unit.google.add_issuer(DEVELOPMENT_ISSUER)
        cards = await unit.cards.page(100)
    if not cards:
        cards = await _welcome_customers(resources, merchant.id)
    return log_ins(resources.settings.public_url, cards)


async def _found(resources: Resources) -> Merchant:
    """Keep the merchant, its shops, tills, people and programs, all or nothing."""
    merchant = Merchant(id=new_id(), slug=SLUG, name="Café Lumière", country="LU", language="en")
    people = (
        Member(
            id=new_id(),
            name="Claire",
            role=Role.OWNER,
            email=OWNER_MAIL,
            pin_hash=await resources.hasher.hash(OWNER_PIN),
            password_hash=await resources.hasher.hash(OWNER_PASSWORD),
        ),
        Member(
            id=new_id(),
            name="Ben",
            role=Role.STAFF,
            pin_hash=await resources.hasher.hash(BARISTA_PIN),
        ),
    )
    async with resources.units(merchant.id) as unit:
        await unit.merchants.add(merchant, unit.now)
        for member in people:
            await unit.staff.add(member, unit.now)
        for name in PAIRING_CODES:
            await _open_shop(unit, name)
        await unit.merchants.add_pass_type(
            PassType(
                identifier=DEMO_PASS_TYPE,
                merchant_id=merchant.id,
                team_identifier=TEAM_IDENTIFIER,
                organization_name=merchant.name,
            )
        )
        policy = default_policy(merchant.country)
        await unit.manners.write(MessageSettings(policy=policy, sms_sender=SMS_SENDER), revision=0)
        await _start_programs(unit, people[0])
    return merchant


async def _open_shop(unit: Unit, name: str) -> None:
    location = Location(id=new_id(), name=name, code=POSTER_CODES[name], clock=_CLOCK)
    await unit.merchants.add_location(location, unit.now)
    till = Till(id=new_id(), location_id=location.id, name=f"Till {name}")
    await unit.tills.add(till, hash_secret(PAIRING_CODES[name]), unit.now + PAIRING_LIFE, unit.now)


async def _start_programs(unit: Unit, owner: Member) -> None:
    """Start all programs; posters lead to the newest, the coffee card."""
    principal = _principal(unit.merchant_id, owner.id)
    author = Author(principal=principal, origin=_ORIGIN, new_id=new_id)
    today = unit.now
    for design in (CLUB, HAPPY_HOUR, COFFEE):
        unit.now += timedelta(milliseconds=1)
        program = await create_program(unit, design, author)
        await command_program(
            unit, program.id, ProgramCommand.ACTIVATE, author, revision=program.revision
        )
    unit.now = today


async def _welcome_customers(resources: Resources, merchant_id: UUID) -> list[Card]:
    """Open the customers' cards in the past and stamp them day by day until yesterday."""
    async with resources.units(merchant_id) as unit:
        programs = {program.version.name: program for program in await unit.programs.all()}
        (location, *_) = await unit.merchants.locations()
        (barista, *_) = await unit.staff.all()
        visitors = [
            *await _enrol(unit, programs[HAPPY_HOUR.name], HAPPY_HOUR_VISITS),
            *await _enrol(unit, programs[COFFEE.name], COFFEE_VISITS),
        ]
        club = [
            member.card for member in await _enrol(unit, programs[CLUB.name], [1] * len(PURCHASES))
        ]
        await unit.rewards.add(beans(club[0]), unit.now)
        now = unit.now
    principal = _principal(merchant_id, barista.id, location.id)
    ledger = PastLedger(resources.database.pool.fetch)
    database = resources.database
    books = Books(lambda: nullcontext(ledger), database.versions, new_id, database.bell.ring)
    for days_ago in range(max(COFFEE_VISITS), 0, -1):
        ledger.moment = now - days_ago * _DAY
        await stamp(
            books, [_visit(v, principal, days_ago) for v in visitors if v.visits >= days_ago]
        )
    for card, amount in zip(club, PURCHASES, strict=True):
        await spend(resources, card, amount, principal, _CLOCK)
    async with resources.units(merchant_id) as unit:
        return await unit.cards.page(100)


async def _enrol(unit: Unit, program: Program, visits: Sequence[int]) -> list[Visitor]:
    visitors, today = [], unit.now
    for number, count in enumerate(visits, start=1):
        unit.now = today - (count + 1) * _DAY
        address = f"customer{number}@{program.version.name.split()[0].lower()}.example"
        enrolment = Enrolment(
            program_id=program.id,
            contact=Contact(kind=ContactKind.MAIL, address=address),
            language="en",
            time_zone=_CLOCK.time_zone,
            # To offers alone: news of the past weeks would fill the mailbox at the first start.
            agreed={} if number % 4 == 0 else {Purpose.MARKETING: OFFERS_WORDING},
            origin=_ORIGIN,
        )
        # Nothing is drawn with the key: there is no experiment yet.
        makers = Makers(new_id=new_id, new_code=new_code, experiment_key=b"")
        enrolled = await enrol(unit, enrolment, makers)
        visitors.append(Visitor(card=enrolled.card, visits=count))
    unit.now = today
    return visitors


def _visit(visitor: Visitor, principal: Principal, days_ago: int) -> StampCard:
    assert principal.location_id is not None, "visits are to a place"
    return StampCard(
        principal=principal,
        origin=_ORIGIN,
        key=f"demo {visitor.card.id} {days_ago}",
        fingerprint=hash_secret(str(days_ago)),
        card_id=visitor.card.id,
        location_id=principal.location_id,
        clock=_CLOCK,
    )


def _principal(merchant_id: UUID, staff_id: UUID, location_id: UUID | None = None) -> Principal:
    return Principal(
        merchant_id=merchant_id,
        name="demo",
        permissions=frozenset(Permission),
        staff_id=staff_id,
        location_id=location_id,
    )


def log_ins(public_url: str, cards: Sequence[Card]) -> str:
    """Return what somebody who tries passgate needs, as text."""
    nearly = next((card for card in cards if card.available(STAMP) == COFFEE_VISITS[0]), None)
    pairing = f"{public_url}/till/pair/{SLUG}?code={PAIRING_CODES['Centre']}"
    lines = [
        f"  customer  {public_url}/join/{SLUG}/{POSTER_CODES['Centre']}",
        f"  till      {pairing}",
        f"            then Ben with PIN {BARISTA_PIN}, or Claire with PIN {OWNER_PIN}",
        f"  merchant  {public_url}/merchant/{SLUG}/log-in",
        f"            {OWNER_MAIL}, password {OWNER_PASSWORD}",
    ]
    if nearly is not None:
        lines.append(f"  try       {nearly.code} has 9 of 10 stamps: type it at the till")
    return "\n".join(lines)
