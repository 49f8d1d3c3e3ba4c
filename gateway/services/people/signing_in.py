"""Signing in: staff with a PIN on a paired till, merchants with address and password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.attempts import (
    LOGIN_PER_ADDRESS,
    LOGIN_PER_PERSON,
    PIN_PER_STAFF,
    PIN_PER_TILL,
    guesser,
)
from gateway.domain.errors import NotSignedIn, WrongPin
from gateway.domain.people import PERMISSIONS, Permission, Principal, Role
from gateway.services.people.credentials import Credential
from gateway.services.people.guarding import count_attempt
from gateway.services.people.secrets import SecretHasher
from gateway.storage.people.people import NewSession, Session
from gateway.storage.people.tills import Till
from gateway.storage.unit import Units

TILL_SESSION_HOURS = 12
TILL_IDLE_MINUTES = 60
MERCHANT_SESSION_HOURS = 12
SEEN_EVERY_SECONDS = 60


class WrongPassword(NotSignedIn):
    """Address or password is not right."""

    code = "wrong_password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What signing in needs: units, the hasher, and where ids and secrets come from."""

    units: Units
    hasher: SecretHasher
    new_id: Callable[[], UUID]
    new_secret: Callable[[], str]


async def sign_in_with_pin(
    desk: Desk, merchant_id: UUID, till: Till, staff_id: UUID, pin: str
) -> Credential:
    """Begin a staff session on a till; return what its cookie carries.

    The try is counted for the person and for the till first. Raises `WrongPin`, `PinLocked`.
    """
    await count_attempt(
        desk.units, merchant_id, [(PIN_PER_TILL, str(till.id)), (PIN_PER_STAFF, str(staff_id))]
    )
    async with desk.units(merchant_id) as unit:
        member = await unit.staff.one(staff_id)
    if not await desk.hasher.matches(member.pin_hash, pin):
        raise WrongPin
    async with desk.units(merchant_id) as unit:
        await unit.attempts.forget(PIN_PER_STAFF, str(staff_id))
        await unit.attempts.give_back(PIN_PER_TILL, str(till.id))
    return await _begin(desk, merchant_id, staff_id, till.id, timedelta(hours=TILL_SESSION_HOURS))


async def sign_in_with_password(
    desk: Desk, merchant_id: UUID, email: str, password: str, remote_address: str
) -> Credential:
    """Begin a session on the merchant's pages; return what its cookie carries.

    An unknown address takes as long and says the same as a wrong password. Raises
    `WrongPassword`, `TooManyAttempts`.
    """
    email, address = email.strip().lower(), guesser(remote_address)
    await count_attempt(
        desk.units,
        merchant_id,
        [(LOGIN_PER_ADDRESS, address), (LOGIN_PER_PERSON, email)],
    )
    async with desk.units(merchant_id) as unit:
        member = await unit.staff.by_email(email)
    kept = member.password_hash if member else None
    if not await desk.hasher.matches(kept, password) or member is None:
        raise WrongPassword
    async with desk.units(merchant_id) as unit:
        await unit.attempts.forget(LOGIN_PER_PERSON, email)
        await unit.attempts.give_back(LOGIN_PER_ADDRESS, address)
    return await _begin(
        desk, merchant_id, member.id, None, timedelta(hours=MERCHANT_SESSION_HOURS)
    )


async def find_session(units: Units, credential: Credential) -> Session | None:
    """Return the session of a cookie, or None when it does not hold (any more).

    A till's session also ends when nobody used it for `TILL_IDLE_MINUTES`.
    """
    async with units(credential.merchant_id) as unit:
        session = await unit.sessions.one(credential.id, unit.now)
        if session is None or not credential.matches(session.secret_hash):
            return None
        if session.till_id is not None and _is_idle(session, unit.now):
            await unit.sessions.end(session.id, unit.now)
            return None
        if unit.now - session.seen_at > timedelta(seconds=SEEN_EVERY_SECONDS):
            await unit.sessions.seen(session.id, unit.now)
    return session


async def find_till(units: Units, credential: Credential) -> Till | None:
    """Return the paired till of a cookie, or None."""
    async with units(credential.merchant_id) as unit:
        till = await unit.tills.one(credential.id)
    return till if till is not None and credential.matches(till.secret_hash) else None


def principal_of(session: Session, merchant_id: UUID) -> Principal:
    """Return what the person of a session may do: on a till, what a till is for."""
    role = Role.STAFF if session.till_id is not None else session.member.role
    permissions = PERMISSIONS[role]
    if session.till_id is None:
        permissions -= {Permission.STAMPS_WRITE, Permission.REWARDS_WRITE}
    return Principal(
        merchant_id=merchant_id,
        name=f"staff:{session.member.id}",
        permissions=permissions,
        staff_id=session.member.id,
        till_id=session.till_id,
        location_id=session.location_id,
    )


def _is_idle(session: Session, now: datetime) -> bool:
    return now - session.seen_at > timedelta(minutes=TILL_IDLE_MINUTES)


async def _begin(
    desk: Desk, merchant_id: UUID, staff_id: UUID, till_id: UUID | None, lasts: timedelta
) -> Credential:
    credential = Credential(merchant_id, desk.new_id(), desk.new_secret())
    async with desk.units(merchant_id) as unit:
        await unit.sessions.add(
            NewSession(
                id=credential.id,
                secret_hash=credential.secret_hash,
                staff_id=staff_id,
                till_id=till_id,
                expires_at=unit.now + lasts,
            ),
            unit.now,
        )
    return credential
