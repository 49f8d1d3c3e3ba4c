"""What happens to the groups of cards a merchant names."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentChanged(Event):
    """Something happened to a segment, which `revision` counts."""

    segment_id: UUID
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCreated(SegmentChanged):
    """A group of cards was named, by conditions that each of them meets."""

    type = "loyalty.segment.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentUpdated(SegmentChanged):
    """A segment has another name or other conditions; who copied the earlier ones keeps them."""

    type = "loyalty.segment.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDeleted(SegmentChanged):
    """A segment was forgotten; `revision` is the last it had."""

    type = "loyalty.segment.deleted"
