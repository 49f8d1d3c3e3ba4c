"""A way out that this installation does not have, for what is to be sent by it all the same."""

from workers.channels.base import Outcome, Permanent

NOT_CONFIGURED = "channel_not_configured"


class MissingChannel:
    """Takes nothing, and says why: a message fails visibly instead of waiting for ever."""

    seconds_max = 1.0

    async def send(self, _message: object) -> Outcome:
        """Refuse it."""
        return Permanent(NOT_CONFIGURED)

    async def close(self) -> None:
        """Nothing was opened."""
