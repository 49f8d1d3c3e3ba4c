"""Founding: a merchant comes into being with a first location and an owner who can sign in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.errors import Invalid, NotFound
from gateway.domain.header_text import is_header_text
from gateway.domain.people import Origin
from gateway.storage.database import Database
from gateway.storage.people.audit import Record
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.people.people import Member

PASSWORD_CHARACTERS_MIN = 12
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """Everything a merchant begins with; `actor` is who founds it."""

    merchant: Merchant
    location: Location
    owner: Member
    actor: str
    origin: Origin


async def found_merchant(
    database: Database, founding: Founding, new_id: Callable[[], UUID]
) -> None:
    """Keep a new merchant, whole or not at all; raises `Invalid` for a name that is no use."""
    merchant = founding.merchant
    check_slug(merchant.slug)
    check_name(merchant.name)
    if await _is_taken(database, merchant.slug):
        raise Invalid(f"There is a merchant called {merchant.slug} already.")
    async with database.units(merchant.id) as unit:
        await unit.merchants.add(merchant, unit.now)
        await unit.merchants.add_location(founding.location, unit.now)
        await unit.staff.add(founding.owner, unit.now)
        record = Record(
            id=new_id(),
            actor=founding.actor,
            action="merchant.founded",
            subject=f"merchant:{merchant.id}",
        )
        await unit.audit.add(record, founding.origin, unit.now)


def check_slug(slug: str) -> None:
    """Raise `Invalid` unless the text can stand in an address."""
    if not _SLUG.fullmatch(slug):
        raise Invalid("A name in addresses has 1 to 40 letters a–z, digits and hyphens.")


def check_name(name: str) -> None:
    """Raise `Invalid` unless the text can stand for a sender: each mail of the merchant's does."""
    if not name.strip() or not is_header_text(name):
        raise Invalid("A name has no control or direction characters, and neither =? nor ?=.")


def check_password(password: str) -> None:
    """Raise `Invalid` for a password that is too short to keep anybody out."""
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise Invalid(f"Please use at least {PASSWORD_CHARACTERS_MIN} characters.")


async def _is_taken(database: Database, slug: str) -> bool:
    try:
        async with database.directory() as directory:
            await directory.merchant(slug)
    except NotFound:
        return False
    return True
