"""Two providers of text messages: the second helps, and nobody is charged twice."""

from dataclasses import replace

import aiohttp
import pytest

from gateway.settings import read_settings
from tests.gateway.test_settings import COMPLETE
from tests.workers.channels.sms.conftest import HANG_UP, answer, scripted, twilio, vonage
from workers.channels.base import Ambiguous, Delivered, Gone, Permanent, Temporary
from workers.channels.sms.channel import FallbackSms, sms_channel
from workers.channels.sms.sms import Sms

TAKEN = answer(202, '{"message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}')


@pytest.mark.parametrize("status", [401, 429, 503])
async def test_the_second_takes_what_the_first_refused_for_now(
    session: aiohttp.ClientSession, sms: Sms, status: int
) -> None:
    """Busy or not paid for, the first has certainly sent nothing."""
    async with scripted(answer(status, "")) as first, scripted(TAKEN) as second:
        channel = FallbackSms([twilio(first, session), vonage(second, session)])
        outcome = await channel.send(sms)
    assert isinstance(outcome, Delivered)
    assert outcome.provider == "vonage"
    assert str(sms.key).encode() in second.requests[0]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (HANG_UP, Ambiguous("ServerDisconnectedError")),
        (answer(500, ""), Ambiguous("Twilio500")),
        (answer(201, "?"), Ambiguous("TwilioUnreadable")),
        (answer(400, '{"code": 21610}'), Permanent("OptedOut", Gone())),
    ],
)
async def test_the_second_is_not_asked_about_what_is_settled_or_in_doubt(
    session: aiohttp.ClientSession, sms: Sms, reply: bytes, outcome: object
) -> None:
    """Sent twice is charged twice."""
    async with scripted(reply) as first, scripted(TAKEN) as second:
        channel = FallbackSms([twilio(first, session), vonage(second, session)])
        assert await channel.send(sms) == outcome
    assert second.requests == []


async def test_nobody_able_means_later(session: aiohttp.ClientSession, sms: Sms) -> None:
    """The last one's answer is the one to wait by."""
    async with scripted(answer(503, "")) as first, scripted(answer(429, "")) as second:
        channel = FallbackSms([twilio(first, session), vonage(second, session)])
        assert await channel.send(sms) == Temporary("Vonage429")


async def test_a_novel_is_not_sent(session: aiohttp.ClientSession, sms: Sms) -> None:
    """Six segments are paid for, a seventh is a mistake."""
    async with scripted(TAKEN) as provider:
        channel = FallbackSms([vonage(provider, session)])
        long = replace(sms, text="x" * (6 * 153 + 1))
        assert await channel.send(long) == Permanent("TooManySegments")
        assert provider.requests == []
        assert isinstance(await channel.send(replace(sms, text="x" * 6 * 153)), Delivered)


async def test_the_settings_say_which_providers_in_which_order(
    session: aiohttp.ClientSession, sms: Sms
) -> None:
    """No provider, no channel; the first that is named is asked first."""
    assert sms_channel(read_settings(COMPLETE), session) is None
    async with scripted(answer(503, "")) as first, scripted(TAKEN) as second:
        given = {
            "ENVIRONMENT": "development",
            "SMS_PROVIDERS": "twilio,vonage",
            "TWILIO_URL": first.url,
            "TWILIO_ACCOUNT": "AC1",
            "TWILIO_TOKEN": "hunter2",
            "VONAGE_URL": second.url,
            "VONAGE_API_KEY": "key",
            "VONAGE_API_SECRET": "hunter2",
            "VONAGE_SIGNATURE_SECRET": "hunter2",
        }
        variables = {f"PASSGATE_{name}": value for name, value in given.items()}
        settings = read_settings(COMPLETE | variables)
        assert "hunter2" not in repr(settings)
        channel = sms_channel(settings, session)
        assert channel is not None
        assert channel.seconds_max == 20
        assert isinstance(await channel.send(sms), Delivered)
        await channel.close()
    assert (len(first.requests), len(second.requests)) == (1, 1)
