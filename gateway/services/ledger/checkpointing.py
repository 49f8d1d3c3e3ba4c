"""Checkpointing: the heads of all chains that grew are signed as one."""

from gateway.domain.checkpoints import checkpoint
from gateway.services.ledger.signing import Signer
from gateway.storage.auditing.checkpoints import Signed
from gateway.storage.unit import Unit


async def make_checkpoint(unit: Unit, signer: Signer) -> Signed | None:
    """Sign what grew since the last checkpoint; return None when nothing did."""
    last = await unit.checkpoints.last()
    before = last.checkpoint if last else None
    heads = await unit.checkpoints.grown(before)
    if not heads:
        return None
    signed = signer.sign(checkpoint(unit.merchant_id, before, heads, unit.now))
    await unit.checkpoints.add(signed, heads)
    return signed
