"""Cards at Google Wallet: asked for by their owner, composed as they stand, saved by a link."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.domain.business_day import business_day
from gateway.domain.errors import NotFound
from gateway.domain.events.wishes import GoogleCardWanted
from gateway.domain.programs import ProgramVersion
from gateway.domain.wording import choose_language
from gateway.google_folder import GoogleFolder
from gateway.presenters.google import (
    CardIds,
    ProgramFace,
    loyalty_class,
    object_patch,
    rewards_ready,
)
from gateway.services.wallets.faces import Site, card_face, falls_on, language_of, prizes_of
from gateway.storage.cards.cards import Card
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit, Units
from gateway.storage.wallets.google import GoogleClass, GoogleObject
from passes.google.bodies import class_body
from passes.google.ids import ClassId, ObjectId

OBJECT_CHARACTERS = 26

Body = Mapping[str, Any]


class NoGoogleWallet(NotFound):
    """There is no Google Wallet card for this program."""

    code = "no_google_wallet"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleOffice:
    """What Google's cards are made with; `save_url` is where a phone saves one."""

    units: Units
    folder: GoogleFolder
    public_url: str
    save_url: str
    now: Callable[[], datetime]
    new_code: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class ComposedClass:
    """A class as Google shall have it; the digest tells whether it has it already."""

    class_id: str
    body: Body
    digest: bytes


@dataclass(frozen=True, slots=True)
class ComposedObject:
    """A card as Google shall have it, at a version; `balance` is what may light up the phone."""

    object_id: str
    body: Body
    version: int
    balance: str


async def ask_for_card(office: GoogleOffice, merchant_id: UUID, card_id: UUID) -> None:
    """Have the card made at Google, if it is not there yet; raises `NoGoogleWallet`, `NotFound`.

    Only announced here: the worker makes the call, and the owner's page waits for it.
    """
    async with office.units(merchant_id) as unit:
        card = await unit.cards.one(card_id)
        issuer_id = await unit.google.issuer()
        if issuer_id is None:
            raise NoGoogleWallet
        class_id = ClassId(issuer_id, f"p{card.program_id.hex}")
        await unit.google.add_class(card.program_id, issuer_id, str(class_id))
        object_id = ObjectId(issuer_id, office.new_code(OBJECT_CHARACTERS).lower())
        await unit.google.add_object(card_id, issuer_id, str(object_id), unit.now)
        found = (await unit.google.objects([card_id]))[card_id]
        if found.written_version is None:
            unit.announce(GoogleCardWanted(card_id=card_id, program_id=card.program_id))


async def save_link(office: GoogleOffice, merchant_id: UUID, card_id: UUID) -> str | None:
    """Return the address where the card's owner saves it, signed now; None before it is made."""
    async with office.units(merchant_id) as unit:
        card = await unit.cards.one(card_id)
        found = (await unit.google.objects([card_id])).get(card_id)
        classes = await unit.google.classes([card.program_id])
    if found is None or found.written_version is None:
        return None
    signer = await asyncio.to_thread(office.folder.signer, found.issuer_id)
    class_id = ClassId.parse(classes[card.program_id].class_id)
    token = signer.token(ObjectId.parse(found.object_id), class_id, office.now())
    return office.save_url + token


def compose_class(
    office: GoogleOffice, merchant: Merchant, program: ProgramVersion, known: GoogleClass
) -> ComposedClass:
    """Write a program's class; raises `InvalidPass`."""
    face = ProgramFace(
        merchant_name=merchant.name,
        site=office.public_url,
        program=program,
        language=choose_language([merchant.language]),
        logo_url=logo_url(office.public_url, merchant.slug, program),
        callback_url=callback_url(office.public_url, merchant.slug),
    )
    body = class_body(
        loyalty_class(ClassId.parse(known.class_id), face),
        # Production settings demand https, so http is a developer's own machine.
        allow_insecure_loopback=urlsplit(office.public_url).scheme == "http",
    )
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    return ComposedClass(known.class_id, body, digest)


async def compose_object(
    unit: Unit, office: GoogleOffice, card: Card, known: tuple[GoogleClass, GoogleObject]
) -> ComposedObject:
    """Write a card as it stands in this unit, below its class; raises `InvalidPass`."""
    its_class, its_object = known
    merchant = await unit.merchants.me()
    program = await unit.programs.version(card.program_version_id)
    language = await language_of(unit, card, merchant)
    prizes = await prizes_of(unit, card, language)
    clock = await unit.merchants.clock(None)
    today = business_day(unit.now, clock)
    site = Site(office.public_url, ZoneInfo(clock.time_zone), language)
    face = replace(
        card_face(card.on(program.plan, today), merchant, program, site, prizes),
        falls_on=await falls_on(unit, card, today),
    )
    ids = CardIds(ObjectId.parse(its_object.object_id), ClassId.parse(its_class.class_id))
    balance = f"{face.progress.count}/{rewards_ready(face)}"
    is_news = its_object.written_balance not in {None, balance}
    return ComposedObject(
        its_object.object_id, object_patch(ids, face, notify=is_news), card.version, balance
    )


def logo_url(public_url: str, slug: str, program: ProgramVersion) -> str:
    """Return where Google fetches a program's logo; another look has another address."""
    look = program.look
    colours = "".join(colour.removeprefix("#") for colour in (look.background, look.label))
    return f"{public_url}/google/logos/{slug}/{colours}.png"


def callback_url(public_url: str, slug: str) -> str:
    """Return where Google tells of saved and removed cards."""
    return f"{public_url}/callbacks/google/{slug}"
