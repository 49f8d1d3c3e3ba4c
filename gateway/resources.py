"""Everything real is opened here, once, and used by the doors and the workers alike."""

import secrets
from base64 import b32encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.apple_folder import AppleFolder
from gateway.derived_keys import DerivedKeys, derive_keys
from gateway.domain.webhooks import SECRET_BYTES as SIGNING_SECRET_BYTES
from gateway.google_folder import GoogleFolder
from gateway.presenters.artwork import Artwork
from gateway.services.cards.coalescing import Coalescer
from gateway.services.cards.commands import StampCard
from gateway.services.cards.stamping import Books, Reply, stamp
from gateway.services.people.secrets import SecretHasher
from gateway.services.wallets.google_cards import GoogleOffice
from gateway.services.wallets.issuing import PassOffice
from gateway.services.webhooks.office import WebhookOffice
from gateway.settings import Settings
from gateway.storage.cards.vault import Vault
from gateway.storage.database import OUTAGES, Database, open_database
from gateway.storage.events.signing_safe import SigningSafe
from gateway.storage.people.merchants import PassType
from gateway.storage.unit import Units
from gateway.storage.wallets.pass_lookups import PassLookups
from gateway.storage.wallets.pass_types import PassTypes

SECRET_BYTES = 32


def now() -> datetime:
    """Return this moment: the one place, with the database, that reads a clock."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """Return a UUIDv7, which sorts by the moment it was made."""
    return uuid7()


def new_secret() -> str:
    """Return 256 random bits for a session, key or till."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_signing_secret() -> bytes:
    """Return random bytes for a webhook endpoint to be signed with."""
    return secrets.token_bytes(SIGNING_SECRET_BYTES)


def new_code(characters: int) -> str:
    """Return random letters and digits that nobody misreads (base32), five bits each."""
    return b32encode(secrets.token_bytes(characters)).decode()[:characters]


@dataclass(frozen=True, slots=True)
class Resources:
    """What a process holds open."""

    settings: Settings
    keys: DerivedKeys
    database: Database
    hasher: SecretHasher
    stamps: Coalescer[StampCard, Reply]
    passes: PassOffice
    google: GoogleOffice
    webhooks: WebhookOffice

    @property
    def units(self) -> Units:
        """Open a unit of work: `async with resources.units(merchant_id) as unit`."""
        return self.database.units


@asynccontextmanager
async def open_resources(settings: Settings, *, url: str) -> AsyncIterator[Resources]:
    """Open everything on the database role of `url`, and close it at the end."""
    keys = derive_keys(settings.secret_key)
    async with open_database(
        url,
        pool_size=settings.database_pool_size,
        seconds_max=settings.database_seconds_max,
        vault=Vault(keys.customer_keys, keys.contact_index),
        new_id=new_id,
    ) as database:
        books = Books(database.ledger, database.versions, new_id, database.bell.ring)

        async def stamp_all(commands: Sequence[StampCard]) -> list[Reply]:
            return await stamp(books, commands)

        stamps: Coalescer[StampCard, Reply] = Coalescer(stamp_all, OUTAGES)
        yield Resources(
            settings=settings,
            keys=keys,
            database=database,
            hasher=SecretHasher(settings.pin_pepper),
            stamps=stamps,
            passes=_pass_office(settings, keys, database),
            google=_google_office(settings, database),
            webhooks=_webhook_office(settings, keys),
        )
        await stamps.drain()


def _pass_office(settings: Settings, keys: DerivedKeys, database: Database) -> PassOffice:
    async def read_pass_type(identifier: str) -> PassType | None:
        async with database.directory() as directory:
            return await directory.pass_type(identifier)

    return PassOffice(
        units=database.units,
        versions=database.versions,
        lookups=PassLookups(database.pool.fetch),
        pass_types=PassTypes(read_pass_type),
        folder=AppleFolder(settings.apple_folder),
        artwork=Artwork(),
        token_key=keys.pass_tokens,
        public_url=settings.public_url,
        now=now,
        new_code=new_code,
    )


def _google_office(settings: Settings, database: Database) -> GoogleOffice:
    return GoogleOffice(
        units=database.units,
        folder=GoogleFolder(settings.google_folder),
        public_url=settings.public_url,
        save_url=settings.google_save_url,
        now=now,
        new_code=new_code,
    )


def _webhook_office(settings: Settings, keys: DerivedKeys) -> WebhookOffice:
    return WebhookOffice(
        safe=SigningSafe(keys.webhook_secrets),
        site=settings.public_url,
        local=settings.webhook_allow,
        new_id=new_id,
        new_signing_secret=new_signing_secret,
    )
