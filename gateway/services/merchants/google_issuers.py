"""Setting up Google Wallet: the issuer under which a merchant's cards are made."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.errors import Invalid
from gateway.domain.events.settings import SettingsChanged
from gateway.domain.people import Origin
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit
from passes.google.ids import is_issuer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Setter:
    """Who sets it up."""

    actor: str
    origin: Origin
    new_id: Callable[[], UUID]


async def set_google_issuer(unit: Unit, issuer_id: str, setter: Setter) -> None:
    """Let the merchant's cards be made under an issuer; the same again changes nothing.

    Raises `Invalid` for what is no issuer's number, and for a second issuer: the first one would
    go on counting, since cards at Google cannot move to another.
    """
    if not is_issuer_id(issuer_id):
        raise Invalid("An issuer id is a number, as Google's console shows it.")
    known = await unit.google.issuers()
    if known == [issuer_id]:
        return
    if known:
        raise Invalid(f"This merchant's cards are under issuer {known[0]} already.")
    await unit.google.add_issuer(issuer_id)
    record = Record(
        id=setter.new_id(),
        actor=setter.actor,
        action="merchant.google_issuer_set",
        subject=f"merchant:{unit.merchant_id}",
        detail={"issuer_id": issuer_id},
    )
    await unit.audit.add(record, setter.origin, unit.now)
    unit.announce(SettingsChanged(settings="google_wallet", by=setter.actor))
