"""The SMS channel of an installation: its providers in their order, and the guard of its purse."""

from gateway.domain.sms_segments import SEGMENTS_MAX, segments
from workers.channels.base import Outcome, Permanent
from workers.channels.fallback import Fallback
from workers.channels.sms.sms import Sms


class FallbackSms(Fallback[Sms]):
    """Sends through the first provider, and through the next where the one before took nothing.

    An unanswered message stays Ambiguous: a second provider would send and charge it again.
    """

    async def send(self, message: Sms) -> Outcome:
        """Send one message of at most `SEGMENTS_MAX` segments, each of which is charged."""
        if segments(message.text) > SEGMENTS_MAX:
            return Permanent("TooManySegments")
        return await super().send(message)
