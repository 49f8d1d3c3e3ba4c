"""An honest stand-in for Twilio and Vonage: takes, reports, and misbehaves on command."""

import asyncio
import base64
import hmac
import json
import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from uuid import uuid4

import aiohttp
from aiohttp import web

from sandbox.sms import callbacks
from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, SmsAccounts
from sandbox.sms.answers import (
    REFUSALS,
    WRONG_LOGIN,
    WRONG_PARAMETER,
    Misbehaviour,
    No,
    twilio_no,
    vonage_no,
)
from sandbox.sms.callbacks import TWILIO, VONAGE
from sandbox.sms.inbox import Inbox, State, Text

REPORT_PAUSE_SECONDS = 0.5
HANG_SECONDS = 60.0
BODY_BYTES_MAX = 64 * 1024
WORDS_CHARACTERS_MAX = 1_600
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{1,11}", re.ASCII)
_URL = re.compile(r"https?://\S+", re.ASCII)


class SmsStandIn:
    """Listens while it is entered: `async with SmsStandIn(accounts, public_url) as sms: …`."""

    def __init__(
        self,
        accounts: SmsAccounts,
        public_url: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pause_seconds: float = REPORT_PAUSE_SECONDS,
    ) -> None:
        """Take whom to let in and where passgate is; port 0 takes a free one."""
        self.inbox = Inbox()
        self.port = port
        self._accounts = accounts
        self._public_url = public_url
        self._host = host
        self._pause_seconds = pause_seconds
        self._commands: deque[Misbehaviour] = deque()
        self._reports: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Start listening."""
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.add_routes(
            [
                web.post("/2010-04-01/Accounts/{account}/Messages.json", self._take_twilio),
                web.post("/v1/messages", self._take_vonage),
            ]
        )
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; reports under way are not made."""
        self._ended.set()
        for task in self._reports:
            task.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)
        await self._runner.cleanup()
        await self._session.close()

    def next(self, command: Misbehaviour, times: int = 1) -> None:
        """Do this with the next messages instead of delivering them."""
        self._commands.extend([command] * times)

    async def answer(self, number: str, words: str) -> int:
        """Write as the person of this number to whom wrote last; returns passgate's status."""
        last = self.inbox.of(number)[-1]
        text = _text(last.provider, (last.merchant, number), words)
        text.state = State.ANSWER
        text.status_url = last.status_url
        self.inbox.keep(text)
        callback = callbacks.inbound(text, self._accounts)
        return await callbacks.post(self._session, callback, self._public_url)

    async def settle(self) -> None:
        """Wait until every report under way was made."""
        await asyncio.gather(*self._reports)

    async def _take_twilio(self, request: web.Request) -> web.Response:
        """https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource."""
        login = (TWILIO_ACCOUNT, self._accounts.twilio_token)
        if not _is(request, *login) or request.match_info["account"] != TWILIO_ACCOUNT:
            return twilio_no(WRONG_LOGIN, "Authenticate")
        form = await request.post()
        said = {name: str(form.get(name, "")) for name in ("To", "From", "Body", "StatusCallback")}
        text = _text(TWILIO, (said["From"], said["To"]), said["Body"])
        text.status_url = said["StatusCallback"]
        answer = {"sid": text.reference, "status": "queued", "to": text.person}
        return await self._take(text, twilio_no, answer, HTTPStatus.CREATED)

    async def _take_vonage(self, request: web.Request) -> web.Response:
        """https://developer.vonage.com/en/api/messages."""
        if not _is(request, VONAGE_API_KEY, self._accounts.vonage_api_secret):
            return vonage_no(WRONG_LOGIN, "You did not provide correct credentials.")
        try:
            said = json.loads(await request.read())
            kind = (said["channel"], said["message_type"])
            numbers = (_plus(str(said["from"])), f"+{said['to']}")
            text = _text(VONAGE, numbers, str(said["text"]))
            text.status_url = str(said["webhook_url"])
        except (ValueError, KeyError, TypeError):
            return vonage_no(WRONG_PARAMETER, "A parameter is missing.")
        if kind != ("sms", "text"):
            return vonage_no(WRONG_PARAMETER, "Only text by SMS is known here.")
        answer = {"message_uuid": text.reference}
        return await self._take(text, vonage_no, answer, HTTPStatus.ACCEPTED)

    async def _take(
        self,
        text: Text,
        refuse: Callable[[No, str], web.Response],
        answer: dict[str, str],
        status: HTTPStatus,
    ) -> web.Response:
        """Keep the text and report on it, unless it is wrong or a command says otherwise."""
        fault = _fault(text)
        if fault:
            return refuse(WRONG_PARAMETER, fault)
        command = self._commands.popleft() if self._commands else None
        if command is not None and command in REFUSALS:
            return refuse(REFUSALS[command], "By command.")
        self.inbox.keep(text)
        fails = command is Misbehaviour.FAIL_LATER
        task = asyncio.create_task(self._report(text, State.FAILED if fails else State.DELIVERED))
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)
        if command is Misbehaviour.HANG_AFTER_TAKING:
            await self._hang()
        return web.json_response(answer, status=status)

    async def _report(self, text: Text, end: State) -> None:
        for state in (State.QUEUED, State.SENT, end):
            text.state = state
            callback = callbacks.report(text, self._accounts)
            if callback is not None:
                await callbacks.post(self._session, callback, self._public_url)
            await asyncio.sleep(self._pause_seconds)

    async def _hang(self) -> None:
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            return


def _text(provider: str, numbers: tuple[str, str], words: str) -> Text:
    """Make a text between a merchant's number and a person's, named as the provider names it."""
    reference = f"SM{uuid4().hex}" if provider == TWILIO else str(uuid4())
    merchant, person = numbers
    return Text(
        provider=provider,
        reference=reference,
        merchant=merchant,
        person=person,
        words=words,
        at=datetime.now(UTC),
    )


def _fault(text: Text) -> str:
    """Say what a provider would not take about a message; empty if it would."""
    if not _NUMBER.fullmatch(text.person):
        return "The recipient is not an E.164 number."
    if not _SENDER.fullmatch(text.merchant):
        return "The sender is neither a number nor a short name."
    if not 1 <= len(text.words) <= WORDS_CHARACTERS_MAX:
        return f"A text has 1 to {WORDS_CHARACTERS_MAX} characters."
    if not _URL.fullmatch(text.status_url):
        return "The status callback is no URL."
    return ""


def _plus(sender: str) -> str:
    return f"+{sender}" if sender.isdecimal() else sender


def _is(request: web.Request, user: str, password: str) -> bool:
    """Whether the request logs in so (RFC 7617)."""
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(expected.encode(), given.encode())
