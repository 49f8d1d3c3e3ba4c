"""Segmenting: a merchant names groups of cards, and asks how many are in one."""

from uuid import UUID

from gateway.domain.errors import ChangedMeanwhile, Refusal
from gateway.domain.events.segments import SegmentCreated, SegmentDeleted, SegmentUpdated
from gateway.domain.segments import Segment
from gateway.services.merchants.designing import Author
from gateway.storage.cards.segments import SEGMENTS_MAX, SavedSegment
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


class TooManySegments(Refusal):
    """There are as many segments as there can be. Please delete one first."""

    code = "too_many_segments"


async def save_segment(unit: Unit, name: str, segment: Segment, author: Author) -> SavedSegment:
    """Keep a new segment; raises `TooManySegments`."""
    if len(await unit.segments.all()) >= SEGMENTS_MAX:
        raise TooManySegments
    saved = SavedSegment(id=author.new_id(), name=name.strip(), segment=segment, revision=1)
    await unit.segments.add(saved, unit.now)
    await _record(unit, author, "segment.created", saved.id)
    unit.announce(SegmentCreated(segment_id=saved.id, revision=saved.revision))
    return saved


async def change_segment(
    unit: Unit, changed: SavedSegment, author: Author, *, revision: int
) -> SavedSegment:
    """Write a segment as it is from now on; what uses a copy of its conditions keeps them.

    `revision` is the one the author saw. Raises `NotFound`, `ChangedMeanwhile`.
    """
    await _seen(unit, changed.id, revision)
    await unit.segments.change(changed, revision=revision)
    await _record(unit, author, "segment.changed", changed.id)
    unit.announce(SegmentUpdated(segment_id=changed.id, revision=changed.revision))
    return changed


async def delete_segment(
    unit: Unit, segment_id: UUID, author: Author, *, revision: int
) -> SavedSegment:
    """Forget a segment, and return what it was; raises `NotFound`, `ChangedMeanwhile`."""
    saved = await _seen(unit, segment_id, revision)
    await unit.segments.delete(segment_id, unit.now, revision=revision)
    await _record(unit, author, "segment.deleted", segment_id)
    unit.announce(SegmentDeleted(segment_id=segment_id, revision=revision))
    return saved


async def _seen(unit: Unit, segment_id: UUID, revision: int) -> SavedSegment:
    saved = await unit.segments.one(segment_id)
    if saved.revision != revision:
        raise ChangedMeanwhile
    return saved


async def _record(unit: Unit, author: Author, action: str, segment_id: UUID) -> None:
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"segment:{segment_id}",
        detail={},
    )
    await unit.audit.add(record, author.origin, unit.now)
