"""Signing out: a session ends for everybody who holds its cookie."""

from gateway.services.people.credentials import Credential
from gateway.storage.unit import Units


async def sign_out(units: Units, credential: Credential) -> None:
    """End the session of a cookie; one that does not hold is left alone."""
    async with units(credential.merchant_id) as unit:
        session = await unit.sessions.one(credential.id, unit.now)
        if session is not None and credential.matches(session.secret_hash):
            await unit.sessions.end(session.id, unit.now)
