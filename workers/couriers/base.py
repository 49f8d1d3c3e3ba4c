"""What a courier does for its channel; the deliver loop does all the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from gateway.storage.queues.delivery_queue import Delivery, Verdict
from workers.channels.base import Outcome
from workers.reactions import Attempt

Parcel = TypeVar("Parcel")


@dataclass(frozen=True, slots=True)
class Ended(Generic[Parcel]):
    """An attempt that ended: what was sent, how it went, and how the delivery goes on."""

    delivery: Delivery
    parcel: Parcel
    outcome: Outcome
    verdict: Verdict
    attempt: Attempt


class Courier(Protocol[Parcel]):
    """Knows what a channel's deliveries say and whom to tell how they ended.

    Look-ups and settlements are shared by all deliveries that are under way, of all merchants.
    `seconds_max` is how long one sending takes at the longest.
    """

    channel: str
    seconds_max: float

    async def look_up(self, sent: Sequence[Delivery]) -> list[Parcel | Verdict]:
        """Return for each delivery what it has to say now, or how it ends without being sent.

        The last look before the sending, so here is where a consent is asked for again.
        """
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one over, outside of any transaction; every failure is an Outcome."""
        ...

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """Return how the delivery goes on after this outcome."""
        ...

    async def settle(self, ended: Sequence[Ended[Parcel]]) -> list[Verdict]:
        """Write down what follows from each attempt, and return its last verdict.

        Comes before the delivery's own end is written. Whoever dies in between leaves a delivery
        that another worker looks up again: what is settled already must show there.
        """
        ...
