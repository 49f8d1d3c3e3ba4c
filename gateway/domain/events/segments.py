"""What happens to the groups of cards a merchant names."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCreated(Event):
    """A group of cards was named, by conditions that each of them meets."""

    type = "loyalty.segment.created"
    segment_id: UUID
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentUpdated(Event):
    """A segment has another name or other conditions; who copied the earlier ones keeps them."""

    type = "loyalty.segment.updated"
    segment_id: UUID
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDeleted(Event):
    """A segment was forgotten; `revision` is the last it had."""

    type = "loyalty.segment.deleted"
    segment_id: UUID
    revision: int
