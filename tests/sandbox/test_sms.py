"""The text messages: as strict as the providers, and their callbacks are signed as theirs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.domain.keywords import Keyword, keyword
from gateway.web.providers import twilio as twilio_door
from gateway.web.providers import vonage as vonage_door
from gateway.web.providers.reports import DeliveryReport, InboundSms, ReportState
from sandbox.app import SandboxConfig, create_sandbox
from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, accounts_of
from sandbox.sms.answers import Misbehaviour
from sandbox.sms.pages import add_sms
from sandbox.sms.stand_in import SmsStandIn
from workers.channels.base import Ambiguous, Delivered, Gone, Permanent, Temporary
from workers.channels.sms import posting
from workers.channels.sms.sms import Sms
from workers.channels.sms.twilio import Twilio, TwilioAccount
from workers.channels.sms.vonage import Vonage, VonageAccount

ACCOUNTS = accounts_of("a secret key of the installation")
PERSON, MERCHANT = "+352621123456", "+352621000001"


@dataclass(slots=True)
class Door:
    """Passgate's side of the callbacks: checks signatures with passgate's own code."""

    url: str = ""
    forged: int = 0
    reports: list[DeliveryReport | None] = field(default_factory=list)
    answers: list[InboundSms | None] = field(default_factory=list)

    async def on_twilio(self, request: web.Request) -> web.Response:
        """Take a callback of Twilio."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        url = self.url + request.path
        signature = request.headers["X-Twilio-Signature"]
        self.forged += not twilio_door.is_signed(
            url, form.items(), signature, ACCOUNTS.twilio_token
        )
        if request.path.endswith("inbound"):
            self.answers.append(twilio_door.parse_inbound(form))
        else:
            self.reports.append(twilio_door.parse_report(form))
        return web.Response()

    async def on_vonage(self, request: web.Request) -> web.Response:
        """Take a callback of Vonage."""
        body, secret = await request.read(), ACCOUNTS.vonage_signature_secret
        authorization = request.headers["Authorization"]
        self.forged += not vonage_door.is_signed(authorization, body, secret, datetime.now(UTC))
        if request.path.endswith("inbound"):
            self.answers.append(vonage_door.parse_inbound(body))
        else:
            self.reports.append(vonage_door.parse_report(body))
        return web.Response()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """A passgate that listens to callbacks."""
    opened, app = Door(), web.Application()
    app.router.add_post("/callbacks/twilio/{rest:.*}", opened.on_twilio)
    app.router.add_post("/callbacks/vonage/{rest:.*}", opened.on_vonage)
    async with TestServer(app) as server:
        opened.url = str(server.make_url("")).rstrip("/")
        yield opened


@pytest.fixture
async def sms(door: Door) -> AsyncIterator[SmsStandIn]:
    """The stand-in, in a hurry."""
    async with SmsStandIn(ACCOUNTS, door.url, pause_seconds=0.0) as opened:
        yield opened


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """What the worker opens once."""
    async with aiohttp.ClientSession() as opened:
        yield opened


def channel_of(
    provider: str, sms: SmsStandIn, session: aiohttp.ClientSession, secret: str | None = None
) -> Twilio | Vonage:
    """Open our own adapter on the stand-in, with its secret or another."""
    url = f"http://127.0.0.1:{sms.port}"
    if provider == "twilio":
        token = secret or ACCOUNTS.twilio_token
        return Twilio(TwilioAccount(url=url, account=TWILIO_ACCOUNT, token=token), session)
    given = secret or ACCOUNTS.vonage_api_secret
    return Vonage(VonageAccount(url=url, api_key=VONAGE_API_KEY, api_secret=given), session)


def make_sms(door: Door, provider: str) -> Sms:
    """Make a text as a courier does."""
    return Sms(
        key=uuid4(),
        sender=MERCHANT,
        recipient=PERSON,
        text="Ihr Kaffee wartet ☕",
        status_url=f"{door.url}/callbacks/{provider}/status",
    )


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
async def test_a_text_is_taken_and_reported_until_it_is_delivered(
    provider: str, door: Door, sms: SmsStandIn, session: aiohttp.ClientSession
) -> None:
    """Under the reference that the channel got, and signed as the provider signs."""
    outcome = await channel_of(provider, sms, session).send(make_sms(door, provider))
    assert isinstance(outcome, Delivered)
    await sms.settle()

    assert door.forged == 0
    assert [report.state for report in door.reports if report][-1] is ReportState.DELIVERED
    assert {report.reference for report in door.reports if report} == {outcome.reference}
    assert [text.words for text in sms.inbox.of(PERSON)] == ["Ihr Kaffee wartet ☕"]


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
async def test_a_person_can_answer(
    provider: str, door: Door, sms: SmsStandIn, session: aiohttp.ClientSession
) -> None:
    """STOP reaches the number that wrote last."""
    await channel_of(provider, sms, session).send(make_sms(door, provider))
    await sms.settle()
    assert await sms.answer(PERSON, "STOP") == 200
    (answer,) = door.answers
    assert answer is not None
    assert (answer.sender, answer.recipient) == (PERSON, MERCHANT)
    assert keyword(answer.text) is Keyword.STOP
    assert door.forged == 0


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
async def test_a_number_can_fail(
    provider: str, door: Door, sms: SmsStandIn, session: aiohttp.ClientSession
) -> None:
    """Taken first, and given up later."""
    sms.next(Misbehaviour.FAIL_LATER)
    outcome = await channel_of(provider, sms, session).send(make_sms(door, provider))
    assert isinstance(outcome, Delivered)
    await sms.settle()
    last = door.reports[-1]
    assert last is not None
    assert last.state is ReportState.BOUNCED
    assert last.reason in {"Twilio30003", "Vonage1260"}


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
async def test_it_says_no_as_the_providers_do(
    provider: str, door: Door, sms: SmsStandIn, session: aiohttp.ClientSession
) -> None:
    """Each refusal is understood by our channel."""
    channel, text = channel_of(provider, sms, session), make_sms(door, provider)
    sms.next(Misbehaviour.OPTED_OUT)
    assert await channel.send(text) == Permanent("OptedOut", Gone())
    for command, kind in (
        (Misbehaviour.THROTTLE, Temporary),
        (Misbehaviour.UNAVAILABLE, Temporary),
        (Misbehaviour.BREAK, Ambiguous),
        (Misbehaviour.REFUSE_LOGIN, Temporary),
        (Misbehaviour.INVALID_NUMBER, Permanent),
    ):
        sms.next(command)
        assert isinstance(await channel.send(text), kind), command
    wrong = await channel_of(provider, sms, session, "wrong").send(text)
    assert isinstance(wrong, Temporary)
    assert wrong.follow_up is not None
    for changed in (replace(text, recipient="0621"), replace(text, sender="a name too long")):
        assert not isinstance(await channel.send(changed), Delivered)
    assert sms.inbox.of(PERSON) == []


async def test_it_can_take_a_text_and_never_say_so(
    door: Door,
    sms: SmsStandIn,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is in doubt for us has arrived."""
    monkeypatch.setattr(posting, "_TIMEOUT", aiohttp.ClientTimeout(total=0.3))
    sms.next(Misbehaviour.HANG_AFTER_TAKING)
    outcome = await channel_of("twilio", sms, session).send(make_sms(door, "twilio"))
    assert outcome == Ambiguous("NoAnswer")
    assert len(sms.inbox.of(PERSON)) == 1


async def test_it_speaks_to_passgate_only(
    door: Door, sms: SmsStandIn, session: aiohttp.ClientSession
) -> None:
    """A status address elsewhere is never called."""
    text = replace(make_sms(door, "twilio"), status_url="http://127.0.0.1:9/elsewhere")
    await channel_of("twilio", sms, session).send(text)
    await asyncio.wait_for(sms.settle(), 5)
    assert door.reports == []


async def test_the_pages_show_every_phone_and_let_it_answer(
    door: Door, sms: SmsStandIn, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    """A list of numbers, a phone for each, and buttons."""
    app = create_sandbox(SandboxConfig(public_url=door.url, data_directory=tmp_path, roots=[]))
    add_sms(app, sms)
    await channel_of("vonage", sms, session).send(make_sms(door, "vonage"))
    await sms.settle()
    async with TestClient(TestServer(app)) as client:
        assert PERSON in await (await client.get("/sms")).text()
        page = f"/sms/{PERSON[1:]}"
        assert "Ihr Kaffee wartet ☕" in await (await client.get(page)).text()
        done = await client.post(f"{page}/answer", data={"words": "HELP"})
        assert "passgate answered with 200" in await done.text()
        assert (await client.post(f"{page}/answer", data={"words": " "})).status == 400
        assert (await client.get("/sms/352621999999")).status == 404
        assert (await client.post("/sms/next/too-many-requests")).status == 200
        assert (await client.post("/sms/next/nonsense")).status == 404
    (answer,) = door.answers
    assert answer is not None
    assert keyword(answer.text) is Keyword.HELP
