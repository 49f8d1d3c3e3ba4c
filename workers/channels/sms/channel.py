"""The SMS channel of an installation: its providers in their order, and the guard of its purse."""

import aiohttp

from gateway.domain.sms_segments import SEGMENTS_MAX, segments
from gateway.settings import Settings
from workers.channels.base import Outcome, Permanent
from workers.channels.fallback import Fallback
from workers.channels.sms.sms import Sms
from workers.channels.sms.twilio import NAME as TWILIO
from workers.channels.sms.twilio import Twilio, TwilioAccount
from workers.channels.sms.vonage import Vonage, VonageAccount


class FallbackSms(Fallback[Sms]):
    """Sends through the first provider, and through the next where the one before took nothing.

    An unanswered message stays Ambiguous: a second provider would send and charge it again.
    """

    async def send(self, message: Sms) -> Outcome:
        """Send one message of at most `SEGMENTS_MAX` segments, each of which is charged."""
        if segments(message.text) > SEGMENTS_MAX:
            return Permanent("TooManySegments")
        return await super().send(message)


def sms_channel(settings: Settings, session: aiohttp.ClientSession) -> FallbackSms | None:
    """Return the channel of the settings; None where no text message is sent."""
    providers = [_open(name, settings, session) for name in settings.sms_providers]
    return FallbackSms(providers) if providers else None


def _open(name: str, settings: Settings, session: aiohttp.ClientSession) -> Twilio | Vonage:
    if name == TWILIO:
        return Twilio(
            TwilioAccount(
                url=settings.twilio_url,
                account=_given(settings.twilio_account),
                token=_given(settings.twilio_token),
            ),
            session,
        )
    return Vonage(
        VonageAccount(
            url=settings.vonage_url,
            api_key=_given(settings.vonage_api_key),
            api_secret=_given(settings.vonage_api_secret),
        ),
        session,
    )


def _given(value: str | None) -> str:
    assert value is not None, "the settings were checked together"
    return value
