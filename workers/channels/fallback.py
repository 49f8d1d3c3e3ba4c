"""One way out made of several: the next is asked when the one before certainly did not take it."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import structlog

from workers.channels.base import Channel, Message_contra, Outcome, Temporary

_log = structlog.get_logger()

Message = TypeVar("Message")


class BoundedChannel(Channel[Message_contra], Protocol[Message_contra]):
    """A channel that knows how long it takes at the longest."""

    @property
    def seconds_max(self) -> float:
        """How long one sending takes at the longest."""
        ...


class Fallback(Generic[Message]):
    """Asks its channels in their order until one gives an answer other than Temporary.

    Temporary promises that the message was not taken. After Ambiguous nobody else is asked: the
    message may be on its way, and a second provider would send it twice.
    """

    def __init__(self, channels: Sequence[BoundedChannel[Message]]) -> None:
        """Take at least one channel, the preferred one first."""
        assert channels, "somebody must send"
        self._channels = tuple(channels)

    @property
    def seconds_max(self) -> float:
        """How long one sending takes at the longest: each in turn may use its time up."""
        return sum(channel.seconds_max for channel in self._channels)

    async def send(self, message: Message) -> Outcome:
        """Send through the first that is able to; the last one's answer when none was."""
        outcome: Outcome = Temporary("NoChannel")
        for position, channel in enumerate(self._channels, start=1):
            outcome = await channel.send(message)
            if not isinstance(outcome, Temporary):
                return outcome
            _log.warning(
                "channel_failed",
                position=position,
                reason=outcome.reason,
                stops_sender=outcome.follow_up is not None,
                others_left=len(self._channels) - position,
            )
        return outcome

    async def close(self) -> None:
        """Hang up everywhere."""
        for channel in self._channels:
            await channel.close()
