"""Issuing passes: a card gets its pass, and a phone gets the newest one, signed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.apple_folder import AppleFolder, SignerMissing
from gateway.domain.business_day import business_day
from gateway.domain.campaign_words import differs_by_card, words_for
from gateway.domain.errors import NotFound
from gateway.domain.messages import Channel
from gateway.domain.programs import ProgramVersion
from gateway.domain.wording import Language, Wording
from gateway.presenters.apple import PassIdentity, card_pass
from gateway.presenters.artwork import Artwork
from gateway.presenters.card_face import Prize
from gateway.presenters.message_values import card_facts
from gateway.presenters.wallet_texts import wallet_text
from gateway.services.wallets.faces import Site, card_face, falls_on, language_of, prizes_of
from gateway.storage.cards.cards import Card
from gateway.storage.cards.versions import Versions
from gateway.storage.messages.announcements import Told
from gateway.storage.people.merchants import Merchant, PassType
from gateway.storage.unit import Unit, Units
from gateway.storage.wallets.pass_lookups import PassLookups
from gateway.storage.wallets.pass_types import PassTypes
from gateway.storage.wallets.passes import StoredPass
from passes.apple.bundle import build
from passes.apple.card import WebService
from passes.apple.service import authentication_token
from passes.errors import InvalidPass, UnusableSigner

SERIAL_CHARACTERS = 26
SERVICE_PATH = "/apple"
PUBLISH_ROUNDS_MAX = 5


class NoPass(NotFound):
    """There is no Apple Wallet pass for this card."""

    code = "no_apple_pass"


class CannotSign(Exception):
    """A pass could not be signed: the certificate is missing, ended, or another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOffice:
    """What passes are issued with; `new_code` makes random base32, `public_url` is ours."""

    units: Units
    versions: Versions
    lookups: PassLookups
    pass_types: PassTypes
    folder: AppleFolder
    artwork: Artwork
    token_key: bytes = field(repr=False)
    public_url: str
    now: Callable[[], datetime]
    new_code: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class SignedPass:
    """A `.pkpass`, and when what it says last changed."""

    data: bytes = field(repr=False)
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    """What a campaign says on a card, and how the card stood when that was said.

    Words that told of every later stamp would change with it, and the lock screen would say of
    two changes at once no more than that there was one.
    """

    language: Language
    wording: Wording
    told: Told


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published pass and its card at the published version; the two always fit together.

    It is drawn for the business day `today` by the clock of `zone`, in the `language` of its
    customer. `announced` are the words of the campaign that the card announces, `prizes` what its
    points can be spent on, and on `falls_on` its tier is lost.
    """

    stored: StoredPass
    card: Card
    merchant: Merchant
    today: date
    zone: ZoneInfo
    language: Language
    announced: Announced | None = None
    prizes: tuple[Prize, ...] = ()
    falls_on: date | None = None


async def ensure_pass(office: PassOffice, unit: Unit, card_id: UUID) -> StoredPass:
    """Return the card's pass, made now if it has none; raises `NoPass` before Apple is set up."""
    stored = await unit.passes.of_card(card_id)
    if stored:
        return stored
    pass_type = await unit.merchants.pass_type()
    if pass_type is None:
        raise NoPass
    serial_number = office.new_code(SERIAL_CHARACTERS).lower()
    await unit.passes.add(pass_type.identifier, serial_number, card_id, unit.now)
    stored = await unit.passes.of_card(card_id)
    assert stored is not None, "it was added, by us or by who was faster"
    return stored


async def published(unit: Unit, stored: StoredPass) -> StoredPass:
    """Return the pass after everything that happened to its card has been given a tag."""
    if not stored.is_behind:
        return stored
    await unit.passes.publish([stored.card_id])
    fresh = await unit.passes.one(stored.pass_type_identifier, stored.serial_number)
    assert fresh is not None, "passes are never deleted"
    return fresh


async def snapshot(unit: Unit, stored: StoredPass) -> Snapshot:
    """Read what the pass shows, at exactly the version that was published.

    A stamp may be committed between publishing and reading; then it is published as well, so
    that no phone gets content under the date of an older one. If stamps come faster than that,
    the newest content goes out early, and once more with its own date.
    """
    for _ in range(PUBLISH_ROUNDS_MAX):
        stored = await published(unit, stored)
        card = await unit.cards.one(stored.card_id)
        if card.version == stored.published_version:
            break
        stored = await unit.passes.one(stored.pass_type_identifier, stored.serial_number) or stored
    merchant = await unit.merchants.me()
    language = await language_of(unit, card, merchant)
    announced = await _announced(unit, card, merchant, language)
    clock = await unit.merchants.clock(None)
    today = business_day(unit.now, clock)
    return Snapshot(
        stored=stored,
        card=card,
        merchant=merchant,
        today=today,
        zone=ZoneInfo(clock.time_zone),
        language=language,
        announced=announced,
        prizes=await prizes_of(unit, card, language),
        falls_on=await falls_on(unit, card, today),
    )


async def _announced(
    unit: Unit, card: Card, merchant: Merchant, language: Language
) -> Announced | None:
    """Return the words of the campaign that the card announces, in its customer's language."""
    if card.announcement_id is None:
        return None
    plan = (await unit.campaigns.one(card.announcement_id)).plan
    if Channel.APPLE not in plan.channels:
        # A draft that was tried on this card says something else by now.
        return None
    wanted = [language, merchant.language]
    told = None
    if differs_by_card(plan):
        told = await unit.announcements.standing_told(card.announcement_id, card.customer_id)
    said = words_for(plan, Channel.APPLE, wanted)
    return Announced(*said, told or Told(card.balances, card.memory))


async def download(office: PassOffice, merchant_id: UUID, card_id: UUID) -> SignedPass:
    """Return a card's pass for its owner's phone; raises `NoPass`, `NotFound`, `CannotSign`."""
    async with office.units(merchant_id) as unit:
        await unit.cards.one(card_id)
        found = await snapshot(unit, await ensure_pass(office, unit, card_id))
    return await sign(office, found)


async def sign(office: PassOffice, found: Snapshot) -> SignedPass:
    """Build and sign a pass in a thread; no transaction is open and the loop is free.

    Raises `CannotSign`.
    """
    pass_type = await office.pass_types.of(found.stored.pass_type_identifier)
    assert pass_type is not None, "a pass has a pass type"
    program = await office.versions.of(pass_type.merchant_id, found.card.program_version_id)
    try:
        data = await asyncio.to_thread(_build, office, found, pass_type, program)
    except (SignerMissing, UnusableSigner, InvalidPass) as problem:
        raise CannotSign(str(problem) or type(problem).__name__) from problem
    return SignedPass(data, found.stored.changed_at)


def _build(
    office: PassOffice, found: Snapshot, pass_type: PassType, program: ProgramVersion
) -> bytes:
    card = found.card.on(program.plan, found.today)
    site = Site(office.public_url, found.zone, found.language)
    face = replace(
        card_face(card, found.merchant, program, site, found.prizes),
        announcement=_announcement(found, program),
        falls_on=found.falls_on,
    )
    return build(
        card_pass(_identity(office, found.stored, pass_type), face),
        office.artwork.of(face.merchant_name, program.look, face.progress),
        office.folder.signer(pass_type.identifier),
        signed_at=office.now(),
        # Production settings demand https, so http is a developer's own machine.
        allow_insecure_loopback=urlsplit(office.public_url).scheme == "http",
    )


def _identity(office: PassOffice, stored: StoredPass, pass_type: PassType) -> PassIdentity:
    token = authentication_token(
        office.token_key, stored.pass_type_identifier, stored.serial_number
    )
    return PassIdentity(
        pass_type_identifier=pass_type.identifier,
        team_identifier=pass_type.team_identifier,
        serial_number=stored.serial_number,
        organization_name=pass_type.organization_name,
        web_service=WebService(office.public_url + SERVICE_PATH, token),
    )


def _announcement(found: Snapshot, program: ProgramVersion) -> str | None:
    if found.announced is None:
        return None
    announced = found.announced
    told = announced.told
    facts = card_facts(found.merchant.name, program, told.balances, told.memory)
    return wallet_text(announced.wording, facts, announced.language)
