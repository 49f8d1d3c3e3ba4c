"""What customers agree to."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.consents import Medium, Purpose
from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(Event):
    """A customer said whether they want to be written to by a medium, for a purpose.

    `source` is the door through which it was told.
    """

    customer_id: UUID
    medium: Medium
    purpose: Purpose
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(ConsentChanged):
    """A customer said yes; with which words is in the consent log."""

    type = "loyalty.consent.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(ConsentChanged):
    """A customer said no, whether or not they ever said yes."""

    type = "loyalty.consent.withdrawn"
