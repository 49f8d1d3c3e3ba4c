"""Both providers at their worst: every answer has one meaning, and doubt stays doubt."""

import base64
import json
from urllib.parse import parse_qs

import aiohttp
import pytest

from tests.workers.channels.sms.conftest import HANG_UP, SILENCE, answer, scripted, twilio, vonage
from workers.channels.base import (
    Ambiguous,
    Delivered,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)
from workers.channels.sms import posting
from workers.channels.sms.sms import Sms

UUID_TEXT = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"


def error(code: int, status: int = 400) -> bytes:
    """Answer as Twilio does when it says no."""
    return answer(status, json.dumps({"code": code, "message": "no", "status": status}))


def problem(code: int, status: int = 422) -> bytes:
    """Answer as Vonage does when it says no."""
    kind = f"https://developer.vonage.com/api-errors/messages#{code}"
    return answer(status, json.dumps({"type": kind, "title": "no"}))


def stopped(reason: str) -> Temporary:
    """The outcome of being refused as a sender."""
    return Temporary(reason, posting.SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))


async def test_twilio_gets_a_form_as_documented(session: aiohttp.ClientSession, sms: Sms) -> None:
    """Its own name of the message comes back, by which it reports."""
    async with scripted(answer(201, '{"sid": "SM1", "status": "queued"}')) as provider:
        assert await twilio(provider, session).send(sms) == Delivered("twilio", "SM1")
    head, body = provider.requests[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n")
    assert base64.b64encode(b"AC1:hunter2") in head
    assert parse_qs(body.decode()) == {
        "To": [sms.recipient],
        "From": [sms.sender],
        "Body": [sms.text],
        "StatusCallback": [sms.status_url],
    }


async def test_vonage_gets_json_as_documented(session: aiohttp.ClientSession, sms: Sms) -> None:
    """Numbers go without their plus, and our key comes back in every report."""
    async with scripted(answer(202, json.dumps({"message_uuid": UUID_TEXT}))) as provider:
        assert await vonage(provider, session).send(sms) == Delivered("vonage", UUID_TEXT)
    head, body = provider.requests[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/messages HTTP/1.1\r\n")
    assert base64.b64encode(b"key:hunter2") in head
    said = json.loads(body)
    assert (said["to"], said["from"]) == ("352621123456", "352621000001")
    assert said["client_ref"] == str(sms.key)
    assert said["webhook_url"] == sms.status_url


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(21610), Permanent("OptedOut", Gone())),
        (error(21211), Permanent("InvalidNumber", Gone())),
        (error(21614), Permanent("InvalidNumber", Gone())),
        (error(21408, 403), Permanent("Twilio21408")),
        (error(20003, 401), stopped("Twilio20003")),
        (error(21606), stopped("Twilio21606")),
        (error(20429, 429), Temporary("Twilio20429")),
        (answer(429, "", "Retry-After: 7"), Temporary("Twilio429", 7)),
        (answer(429, "", "Retry-After: 9999999999"), Temporary("Twilio429", 3600)),
        (answer(429, "", "Retry-After: Wed, 21 Oct 2026"), Temporary("Twilio429")),
        (answer(503, "busy"), Temporary("Twilio503")),
        (answer(401, "garbage"), stopped("Twilio401")),
        (answer(500, "{}"), Ambiguous("Twilio500")),
        (answer(504, ""), Ambiguous("Twilio504")),
        (answer(201, "<html>"), Ambiguous("TwilioUnreadable")),
        (answer(201, '{"sid": 7}'), Ambiguous("TwilioUnreadable")),
        (error(12345), Unclassified("Twilio12345")),
        (answer(307, "", "Location: http://127.0.0.1:1/"), Unclassified("Twilio307")),
        (HANG_UP, Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_what_twilio_says_has_one_meaning(
    session: aiohttp.ClientSession, sms: Sms, reply: bytes, outcome: Outcome
) -> None:
    """By Twilio's code first, then by the status."""
    async with scripted(reply) as provider:
        assert await twilio(provider, session).send(sms) == outcome
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (problem(1050), Permanent("OptedOut", Gone())),
        (problem(1040), Permanent("Vonage1040")),
        (problem(1120), stopped("Vonage1120")),
        (problem(1070, 402), stopped("Vonage1070")),
        (problem(1000, 429), Temporary("Vonage1000")),
        (problem(1100), Temporary("Vonage1100")),
        (problem(1030, 500), Ambiguous("Vonage500")),
        (
            answer(401, '{"type": "https://developer.vonage.com/api-errors#unauthorized"}'),
            stopped("Vonage401"),
        ),
        (answer(402, "[]"), stopped("Vonage402")),
        (answer(503, ""), Temporary("Vonage503")),
        (answer(202, "{}"), Ambiguous("VonageUnreadable")),
        (answer(418, ""), Unclassified("Vonage418")),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{", Ambiguous("ClientPayloadError")),
        (b"\x00\x01 garbage\r\n\r\n", Ambiguous("ClientResponseError")),
        (HANG_UP, Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_what_vonage_says_has_one_meaning(
    session: aiohttp.ClientSession, sms: Sms, reply: bytes, outcome: Outcome
) -> None:
    """By the number in the problem's type first, then by the status."""
    async with scripted(reply) as provider:
        assert await vonage(provider, session).send(sms) == outcome
    assert len(provider.requests) == 1


async def test_silence_after_the_request_is_doubt(
    session: aiohttp.ClientSession, sms: Sms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider may have recorded the message and then hung."""
    monkeypatch.setattr(posting, "_TIMEOUT", aiohttp.ClientTimeout(total=0.3, connect=0.2))
    async with scripted(SILENCE) as provider:
        assert await twilio(provider, session).send(sms) == Ambiguous("NoAnswer")


async def test_a_provider_that_is_not_there_took_nothing(
    session: aiohttp.ClientSession, sms: Sms
) -> None:
    """No connection, no message."""
    async with scripted(HANG_UP) as provider:
        channel = twilio(provider, session)
    assert await channel.send(sms) == Temporary("Unreachable")


async def test_a_body_without_end_is_not_read_to_its_end(
    session: aiohttp.ClientSession, sms: Sms
) -> None:
    """The first part is enough to know that it is nonsense."""
    async with scripted(answer(201, "x" * 1_000_000)) as provider:
        assert await twilio(provider, session).send(sms) == Ambiguous("TwilioUnreadable")
