"""Pairing: a browser becomes a till by a code that works once and for a short while."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from gateway.domain.attempts import PAIRING_PER_ADDRESS, guesser
from gateway.domain.errors import Invalid
from gateway.domain.people import Origin, Principal
from gateway.services.people.credentials import Credential, hash_secret
from gateway.services.people.guarding import count_attempt
from gateway.storage.people.audit import Record
from gateway.storage.people.tills import Till
from gateway.storage.unit import Unit, Units

PAIRING_MINUTES = 15
PAIRING_CODE_CHARACTERS = 10
NAME_CHARACTERS_MAX = 40


class PairingCodeWrong(Invalid):
    """This pairing code is wrong, used or too old. Please make a new one."""

    code = "pairing_code_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The code a browser brings, the secret it will keep, and the record of it."""

    code: str
    secret: str = field(repr=False)
    record_id: UUID
    origin: Origin


async def invite_till(
    unit: Unit, principal: Principal, till: Till, pairing_code: str, origin: Origin
) -> None:
    """Keep a till that waits for the browser which brings `pairing_code` within 15 minutes.

    Raises `NotFound` for a location of somebody else.
    """
    location = await unit.merchants.location(till.location_id)
    expires_at = unit.now + timedelta(minutes=PAIRING_MINUTES)
    await unit.tills.add(till, hash_secret(pairing_code), expires_at, unit.now)
    record = Record(
        id=till.id,
        actor=principal.name,
        action="till.invited",
        subject=f"till:{till.id}",
        detail={"location_id": str(location.id)},
    )
    await unit.audit.add(record, origin, unit.now)


async def pair_till(units: Units, merchant_id: UUID, pairing: Pairing) -> Credential:
    """Turn a browser into the till its code was made for; return what its cookie carries.

    Raises `PairingCodeWrong`, or `TooManyAttempts` for an address that guesses.
    """
    address = guesser(pairing.origin.remote_address or "")
    await count_attempt(units, merchant_id, [(PAIRING_PER_ADDRESS, address)])
    code = pairing.code.strip().upper().replace("-", "").replace(" ", "")
    async with units(merchant_id) as unit:
        till = await unit.tills.pair(hash_secret(code), hash_secret(pairing.secret), unit.now)
        if till is None:
            raise PairingCodeWrong
        subject = f"till:{till.id}"
        record = Record(id=pairing.record_id, actor=subject, action="till.paired", subject=subject)
        await unit.audit.add(record, pairing.origin, unit.now)
    return Credential(merchant_id, till.id, pairing.secret)
