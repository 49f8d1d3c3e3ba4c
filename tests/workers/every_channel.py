"""A shop that reaches people by every channel, and providers that fail when they are told to."""

import os
import random
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web

from gateway.domain.consents import Medium, Purpose
from gateway.resources import new_id
from sandbox.apns import commands as apns
from sandbox.google import commands as google
from sandbox.google.refusals import rate_exceeded
from sandbox.sms.answers import Misbehaviour
from tests.nats import PATH, NatsServer
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.couriers.message_stage import MessageStage
from tests.workers.couriers.webhook_stage import WebhookStage
from tests.workers.crash_loops import change_mind
from tests.workers.stages import Stage

APNS: Sequence[apns.Command] = (apns.Drop(), apns.Silence(), apns.GoAway())
GOOGLE: Sequence[google.Command] = (
    google.Drop(),
    google.ApplyAndDrop(),
    google.ApplyAndMumble(),
    google.Page(),
    google.Slow(3.0),
    google.Say(rate_exceeded()),
)
MAIL = ("greylist", "disk-full", "drop-before-keeping", "drop-after-keeping")
SMS = (
    Misbehaviour.THROTTLE,
    Misbehaviour.UNAVAILABLE,
    Misbehaviour.BREAK,
    Misbehaviour.HANG_AFTER_TAKING,
)
WEBHOOK = (429, 500, 503)
PROVIDERS = ("apns", "google", "mail", "sms", "webhook")


def start_nats(folder: Path) -> NatsServer | None:
    """Start an event stream; there is none without the program, which fails where CI is set."""
    program = shutil.which("nats-server", path=PATH)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no nats-server found; install it from your distribution")
        return None
    server = NatsServer(program, folder)
    server.start()
    return server


@dataclass(slots=True)
class Town:
    """The shop's stages, its cards by how their owners are reached, and what never happened."""

    stage: Stage
    google: GoogleStage
    post: MessageStage
    hooks: WebhookStage
    nats: NatsServer | None
    in_wallets: list[UUID] = field(default_factory=list)
    texted: list[UUID] = field(default_factory=list)
    rolled_back: list[UUID] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)

    @property
    def cards(self) -> list[UUID]:
        """Every card that is stamped."""
        return [*self.in_wallets, *self.texted]

    def variables(self) -> dict[str, str]:
        """Return the environment of a worker that has every channel."""
        others = {
            "LOG_LEVEL": "info",
            "GOOGLE_FOLDER": str(self.google.accounts),
            "GOOGLE_URL": self.google.stand_in.url,
            "WEBHOOK_ALLOW": self.hooks.receiver.place,
        }
        if self.nats is not None:
            others["NATS_URL"] = self.nats.url
        return replace(self.post, others=others).variables()

    async def open_in_wallets(self) -> UUID:
        """Open a card that is in both wallets and whose owner wants mail about it."""
        card = await self.stage.card()
        await self.post.answer(card, Medium.MAIL, granted=True)
        await self.google.want(card)
        await self.google.save(card)
        return card

    async def open_texted(self, phone: str) -> UUID:
        """Open a card of somebody who is reached by text messages alone."""
        agreed = ((Medium.SMS, Purpose.SERVICE),)
        return await self.post.customer(mail=None, phone=phone, agreed=agreed)

    async def change_mind(self, card: UUID) -> None:
        """Announce a fact that never happens."""

        def made() -> UUID:
            self.rolled_back.append(new_id())
            return self.rolled_back[-1]

        await change_mind(self.stage, card, made)

    def answer(self) -> web.Response:
        """Answer a webhook."""
        return web.Response(status=self.refusals.pop() if self.refusals else 204)

    def fail(self, provider: str, lots: random.Random) -> None:
        """Let a provider fail what it is asked next."""
        act: dict[str, Callable[[], None]] = {
            "apns": lambda: self.stage.apns.next(lots.choice(APNS), lots.randrange(1, 4)),
            "google": lambda: self.google.stand_in.next(lots.choice(GOOGLE)),
            "mail": lambda: self.post.mail.next(lots.choice(MAIL)),
            "sms": lambda: self.post.sms.next(lots.choice(SMS)),
            "webhook": lambda: self.refusals.extend(lots.choices(WEBHOOK, k=3)),
        }
        act[provider]()

    def lose(self) -> None:
        """Let every provider lose more than one thing that each card has to say next."""
        self.stage.apns.next(apns.Drop(), 2)
        self.google.stand_in.next(google.Drop(), 2 * len(self.in_wallets))
        self.post.mail.next("drop-before-keeping")
        self.post.sms.next(Misbehaviour.HANG_AFTER_TAKING, len(self.texted) + 1)
        self.refusals.extend([500] * 3)

    def crash_stream(self) -> None:
        """End the event stream without a word, and bring it back."""
        if self.nats is not None:
            self.nats.stop(signal.SIGKILL)
            self.nats.start()
