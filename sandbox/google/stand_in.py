"""An honest stand-in for Google Wallet's API: by Google's own document, and by its prose."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from sandbox.google.accounts import Account, Accounts
from sandbox.google.api import Api, ApiCall
from sandbox.google.batch import batch_answer, parse_batch
from sandbox.google.budgets import Clock, RateBucket
from sandbox.google.callbacks import Callbacks, CallbackSigner
from sandbox.google.commands import ApplyAndDrop, ApplyAndMumble, Command, Drop, Page, Say, Slow
from sandbox.google.records import Records
from sandbox.google.refusals import ApiRefusal, rate_exceeded
from sandbox.google.shelf import GoogleShelf
from sandbox.google.tokens import AssertionRefused, Tokens
from sandbox.google.wallet import Wallet

BODY_BYTES_MAX = 10 * 1024 * 1024
RECORDED_KEPT_MAX = 100_000
SHUTDOWN_SECONDS_MAX = 2.0
HTML = "<!doctype html><title>Error</title><p>The server encountered a temporary error."


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call as it was answered; the status is 0 where it was not."""

    at: float
    verb: str
    path: str
    body: Any = field(repr=False)
    status: int


class GoogleStandIn:
    """Listens while it is entered: `async with GoogleStandIn(accounts, folder) as google: …`.

    `accounts` is a folder as PASSGATE_GOOGLE_FOLDER names it; `folder` keeps what was written
    (None: nothing is kept). `port` 0 takes a free one, then found in `self.url`.
    """

    def __init__(
        self,
        accounts: Path,
        folder: Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock = time.time,
    ) -> None:
        self.port = port
        self.accounts = Accounts(accounts)
        self.tokens = Tokens(self.accounts, clock)
        self.wallet = Wallet(Records(folder), clock)
        self.bucket = RateBucket(clock)
        self.recorded: deque[Recorded] = deque(maxlen=RECORDED_KEPT_MAX)
        self._host = host
        self._folder = folder
        self._clock = clock
        self._api = Api(self.wallet, self.accounts)
        self._signer = CallbackSigner(folder, clock)
        self._commands: deque[Command] = deque()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self.callbacks = Callbacks(self._signer, self._session)
        shelf = self._folder and self._folder / "shelf.json"
        self.shelf = GoogleShelf(self.wallet, self.callbacks, shelf)
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX
        )
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
        """Stop listening, and give up callbacks under way."""
        await self.callbacks.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self._host}:{self.port}"

    def next(self, command: Command, times: int = 1) -> None:
        """Do this with the next calls instead of answering them; commands queue up."""
        self._commands.extend([command] * times)

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.add_routes(
            [
                web.post("/token", self._give_token),
                web.get("/gp/m/issuer/keys", self._show_root_keys),
                web.post("/batch", self._answer_batch),
                web.route("*", "/{path:.*}", self._answer_call),
            ]
        )
        return app

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(self.tokens.give(dict(await request.post())))
        except AssertionRefused as refused:
            return web.json_response({"error": str(refused)}, status=400)

    async def _show_root_keys(self, _request: web.Request) -> web.StreamResponse:
        keys = self._signer.root_keys()
        return web.json_response(keys, headers={"Cache-Control": "public, max-age=3600"})

    async def _answer_call(self, request: web.Request) -> web.StreamResponse:
        call = ApiCall(request.method, request.raw_path, await request.read())
        command = self._commands.popleft() if self._commands else None
        if command is None:
            return self._done(call, request)
        return await self._obey(command, call, request)

    async def _answer_batch(self, request: web.Request) -> web.StreamResponse:
        try:
            account = self.tokens.account(request.headers.get("Authorization", ""))
            calls = parse_batch(request.headers.get("Content-Type", ""), await request.read())
            if not self.bucket.take(len(calls)):
                raise rate_exceeded()
        except ApiRefusal as refusal:
            return web.json_response(refusal.body, status=refusal.status)
        kind, body = batch_answer(calls, lambda call: self._answer(call, account))
        return web.Response(body=body, headers={"Content-Type": kind})

    async def _obey(
        self, command: Command, call: ApiCall, request: web.Request
    ) -> web.StreamResponse:
        match command:
            case Say(refusal=refusal, retry_after=retry_after):
                self._record(call, refusal.status)
                headers = {"Retry-After": retry_after} if retry_after else {}
                return web.json_response(refusal.body, status=refusal.status, headers=headers)
            case Page(status=status):
                self._record(call, status)
                return web.Response(text=HTML, content_type="text/html", status=status)
            case Slow(seconds=seconds):
                response = self._done(call, request)
                await asyncio.sleep(seconds)
                return response
            case ApplyAndMumble():
                self._done(call, request)
                return web.Response(text=HTML, content_type="text/html")
            case ApplyAndDrop():
                self._done(call, request)
            case Drop():
                self._record(call, 0)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _done(self, call: ApiCall, request: web.Request) -> web.Response:
        """Answer a call as Google would."""
        try:
            account = self.tokens.account(request.headers.get("Authorization", ""))
            if not self.bucket.take():
                raise rate_exceeded()
        except ApiRefusal as refusal:
            self._record(call, refusal.status)
            return web.json_response(refusal.body, status=refusal.status)
        status, body = self._answer(call, account)
        response = web.json_response(body, status=status)
        response.enable_compression()
        return response

    def _answer(self, call: ApiCall, account: Account) -> tuple[int, Any]:
        status, body = self._api.answer(call, account)
        self._record(call, status)
        return status, body

    def _record(self, call: ApiCall, status: int) -> None:
        try:
            body = json.loads(call.body) if call.body else None
        except ValueError:
            body = None
        self.recorded.append(Recorded(self._clock(), call.verb, f"/{call.path}", body, status))
