"""Targeting: what a saved segment says at the moment, taken over into an audience."""

from dataclasses import replace

from gateway.domain.campaigns import Audience
from gateway.storage.unit import Unit


async def audience_now(unit: Unit, audience: Audience) -> Audience:
    """Return an audience with the definition of its saved segment, unless it has one already.

    Raises `NotFound` for a segment that is not there.
    """
    if audience.segment_id is None or audience.segment is not None:
        return audience
    saved = await unit.segments.one(audience.segment_id)
    return replace(audience, segment=saved.segment)
