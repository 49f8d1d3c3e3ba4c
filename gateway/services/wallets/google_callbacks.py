"""What Google tells of our cards: saved to a wallet, taken out of one; each told event once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from gateway.domain.events.wallets import WalletRemoved, WalletSaved
from gateway.storage.unit import Unit, Units
from gateway.storage.wallets.google import CallbackReceived
from passes.google.callback import Callback, CallbackEvent, verify
from passes.google.root_keys import RootKeys
from passes.google.signed_message import Distrust, UntrustedCallback

WALLET = "google"


class Heard(StrEnum):
    """What became of a callback that was believed."""

    RECORDED = auto()
    REPEATED = auto()
    UNKNOWN_EVENT = auto()
    UNKNOWN_CARD = auto()


async def hear_callback(
    units: Units, merchant_id: UUID, body: bytes, root_keys: RootKeys, now: datetime
) -> Heard:
    """Record what Google says of a merchant's card; raises `UntrustedCallback`.

    It must be signed for an issuer of the merchant. The card keeps its stamps whatever happens to
    it in a wallet.
    """
    async with units(merchant_id) as unit:
        issuer_ids = await unit.google.issuers()
    # A stranger's body may hold signatures enough to keep a processor busy for a while.
    callback = await asyncio.to_thread(_verified, body, issuer_ids, root_keys, now)
    if callback.event is CallbackEvent.UNKNOWN:
        return Heard.UNKNOWN_EVENT
    async with units(merchant_id) as unit:
        return await _record(unit, callback)


def _verified(
    body: bytes, issuer_ids: Sequence[str], root_keys: RootKeys, now: datetime
) -> Callback:
    """Return the callback if it is meant for one of these issuers; raises `UntrustedCallback`."""
    for issuer_id in issuer_ids:
        try:
            return verify(body, issuer_id, root_keys, now)
        except UntrustedCallback as distrusted:
            if distrusted.reason is not Distrust.SIGNATURE:
                raise
    raise UntrustedCallback(Distrust.SIGNATURE)


async def _record(unit: Unit, callback: Callback) -> Heard:
    found = await unit.google.object_named(str(callback.object_id))
    if found is None:
        return Heard.UNKNOWN_CARD
    received = CallbackReceived(
        issuer_id=callback.object_id.issuer_id,
        nonce=callback.nonce,
        object_id=found.object_id,
        event=callback.event,
        expires_at=callback.expires_at,
    )
    # Whoever tells the same at the same moment waits here, and finds it told.
    if not await unit.google.receive(received, unit.now):
        return Heard.REPEATED
    if callback.event is CallbackEvent.SAVE:
        await unit.google.mark_saved(found.object_id, unit.now)
        unit.announce(WalletSaved(card_id=found.card_id, wallet=WALLET))
    else:
        await unit.google.mark_removed(found.object_id, unit.now)
        unit.announce(WalletRemoved(card_id=found.card_id, wallet=WALLET))
    return Heard.RECORDED
