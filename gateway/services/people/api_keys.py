"""API keys: a program's way in, shown once when it is made and kept as a hash."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.domain.events.keys import ApiKeyIssued, ApiKeyRevoked
from gateway.domain.people import Origin, Permission, Principal
from gateway.services.people.credentials import Credential, read_credential
from gateway.storage.people.audit import Record
from gateway.storage.people.people import ApiKey
from gateway.storage.unit import Unit, Units

PREFIX = "pgk_"
KEY_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaker:
    """Who makes or revokes a key, from where, and where new ids and secrets come from."""

    actor: str
    origin: Origin
    new_id: Callable[[], UUID]
    new_secret: Callable[[], str]


def write_api_key(credential: Credential) -> str:
    """Return a key as its owner keeps it: `pgk_<merchant>_<key>_<secret>`."""
    return PREFIX + credential.written("_")


def read_api_key(text: str) -> Credential | None:
    """Return what a key says, or None when it does not read like one; nothing is believed yet."""
    if not text.startswith(PREFIX) or not text.isascii() or len(text) > KEY_CHARACTERS_MAX:
        return None
    return read_credential(text.removeprefix(PREFIX), "_")


async def issue_api_key(
    unit: Unit,
    name: str,
    scopes: frozenset[Permission],
    maker: KeyMaker,
    *,
    expires_at: datetime | None = None,
) -> Credential:
    """Make a key with these rights; only its hash is kept, so what is returned is seen once."""
    credential = Credential(unit.merchant_id, maker.new_id(), maker.new_secret())
    key = ApiKey(
        id=credential.id,
        name=name,
        secret_hash=credential.secret_hash,
        scopes=scopes,
        expires_at=expires_at,
    )
    await unit.api_keys.add(key, unit.now)
    await _record(unit, maker, "api_key.issued", key.id)
    unit.announce(
        ApiKeyIssued(
            api_key_id=key.id,
            by=maker.actor,
            scopes=tuple(sorted(scopes)),
            expires_at=expires_at.isoformat() if expires_at else None,
        )
    )
    return credential


async def revoke_api_key(unit: Unit, key_id: UUID, maker: KeyMaker) -> bool:
    """Let a key hold no longer; return whether it did until now."""
    if await unit.api_keys.one(key_id, unit.now) is None:
        return False
    await unit.api_keys.revoke(key_id, unit.now)
    await _record(unit, maker, "api_key.revoked", key_id)
    unit.announce(ApiKeyRevoked(api_key_id=key_id, by=maker.actor))
    return True


async def find_api_key(units: Units, merchant_id: UUID, key_id: UUID) -> ApiKey | None:
    """Return a key that holds at this moment, or None."""
    async with units(merchant_id) as unit:
        return await unit.api_keys.one(key_id, unit.now)


def principal_of_key(key: ApiKey, merchant_id: UUID) -> Principal:
    """Return what a key may do."""
    return Principal(merchant_id=merchant_id, name=f"key:{key.id}", permissions=key.scopes)


async def _record(unit: Unit, maker: KeyMaker, action: str, key_id: UUID) -> None:
    record = Record(
        id=maker.new_id(), actor=maker.actor, action=action, subject=f"api_key:{key_id}"
    )
    await unit.audit.add(record, maker.origin, unit.now)
