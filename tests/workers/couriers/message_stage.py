"""A stage for messages: customers with addresses, a mailbox, phones, and workers by hand."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacting import ContactPolicy, QuietHours
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.events.cards import CardOpened
from gateway.resources import Resources, new_code, new_id, now, open_resources
from gateway.settings import Settings, read_settings
from gateway.storage.cards.cards import NewCard
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.consents import Consent
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.queues.delivery_queue import DeliveryQueue
from sandbox.mail.mailbox import Letter
from sandbox.mail.stand_in import MailStandIn
from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, SmsAccounts
from sandbox.sms.inbox import Text
from sandbox.sms.stand_in import SmsStandIn
from tests.workers.stages import EXPERIMENT_KEY, OUTSIDE, Stage, eventually
from workers.deliveries import Deliverer, Tools
from workers.outlets import Outlets, open_outlets
from workers.relay import Relay

NEVER_QUIET = ContactPolicy(quiet=QuietHours(begins=QuietHours().ends))
SENDER = "+352621000001"
MAIL, PHONE = "anna@example.org", "+352621123456"
SERVICE = Purpose.SERVICE


@dataclass(frozen=True, slots=True)
class MessageStage:
    """The stage, where messages arrive, and how the shop writes them."""

    stage: Stage
    mail: MailStandIn
    sms: SmsStandIn
    accounts: SmsAccounts
    folder: Path
    others: dict[str, str] = field(default_factory=dict)

    @property
    def sql(self) -> asyncpg.Connection:
        """See and change every row."""
        return self.stage.sql

    @property
    def merchant_id(self) -> UUID:
        """The shop."""
        return self.stage.shop.merchant.id

    @property
    def letters(self) -> list[Letter]:
        """The mails that arrived, oldest first."""
        return list(reversed(list(self.mail.mailbox)))

    @property
    def texts(self) -> list[Text]:
        """The text messages that arrived at the customer's phone, oldest first."""
        return self.sms.inbox.of(PHONE)

    def settings(self) -> Settings:
        """Return a worker's settings."""
        return read_settings(self.variables())

    def variables(self) -> dict[str, str]:
        """Return the environment of a worker."""
        url = f"http://127.0.0.1:{self.sms.port}"
        messages = {
            "MAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "MAIL_FROM": "cards@example.org",
            "SMS_PROVIDERS": "twilio vonage",
            "TWILIO_URL": url,
            "TWILIO_ACCOUNT": TWILIO_ACCOUNT,
            "TWILIO_TOKEN": self.accounts.twilio_token,
            "VONAGE_URL": url,
            "VONAGE_API_KEY": VONAGE_API_KEY,
            "VONAGE_API_SECRET": self.accounts.vonage_api_secret,
            "VONAGE_SIGNATURE_SECRET": self.accounts.vonage_signature_secret,
        }
        return self.stage.variables(**(messages | self.others))

    @asynccontextmanager
    async def working(self) -> AsyncIterator["Worker"]:
        """Open a worker whose loops turn when they are told to."""
        settings = self.settings()
        async with (
            open_resources(settings, url=settings.worker_database_url) as resources,
            open_outlets(resources) as outlets,
        ):
            yield Worker(self, resources, outlets)

    async def run(self) -> None:
        """Relay all facts, and attempt every delivery that is due, also those that follow."""
        async with self.working() as worker:
            await worker.relay()
            await worker.deliver()

    async def customer(
        self,
        *,
        mail: str | None = MAIL,
        phone: str | None = None,
        agreed: Iterable[tuple[Medium, Purpose]] = ((Medium.MAIL, SERVICE),),
        is_announced: bool = False,
        language: str = "en",
    ) -> UUID:
        """Open a card for somebody who agreed to this; return the card."""
        kinds = ((ContactKind.MAIL, mail), (ContactKind.PHONE, phone))
        contacts = tuple(Contact(kind=kind, address=address) for kind, address in kinds if address)
        shop = self.stage.shop
        customer = Customer(
            id=new_id(), contacts=contacts, language=language, time_zone="Europe/Luxembourg"
        )
        card = NewCard(
            id=new_id(),
            code=f"LC1-{new_code(20)}",
            program_id=shop.program.id,
            customer_id=customer.id,
        )
        async with shop.resources.units(shop.merchant.id) as unit:
            await unit.customers.claim(customer, unit.now)
            for contact in contacts:
                await unit.customers.add_contact(customer.id, contact, unit.now)
            await unit.cards.open(card, unit.now)
            if is_announced:
                unit.announce(CardOpened(card_id=card.id, program_id=shop.program.id))
        for medium, purpose in agreed:
            await self.answer(card.id, medium, purpose, granted=True)
        return card.id

    async def answer(
        self, card_id: UUID, medium: Medium, purpose: Purpose = SERVICE, *, granted: bool
    ) -> None:
        """Say yes or no as the card's customer."""
        async with self.stage.shop.resources.units(self.merchant_id) as unit:
            card = await unit.cards.one(card_id)
            consent = Consent(
                id=new_id(),
                customer_id=card.customer_id,
                medium=medium,
                purpose=purpose,
                granted=granted,
                wording="words",
                source="test",
                remote_address=None,
            )
            await unit.consents.add(consent, unit.now)

    async def manners(
        self, policy: ContactPolicy = NEVER_QUIET, *silent: str, sms_sender: str | None = SENDER
    ) -> None:
        """Give the shop its manners, for the first time."""
        settings = MessageSettings(
            policy=policy, silent_events=frozenset(silent), sms_sender=sms_sender
        )
        async with self.stage.shop.resources.units(self.merchant_id) as unit:
            await unit.manners.write(settings, revision=0)

    async def stamp(self, card_id: UUID, times: int = 1) -> None:
        """Stamp a card."""
        for _ in range(times):
            await self.stage.shop.stamp(card_id)

    async def messages(self) -> list[tuple[str, str, str, str | None]]:
        """Return event, channel, state and reason of each message, oldest first."""
        rows = await self.sql.fetch(
            "SELECT event, channel, state, reason FROM messages ORDER BY id"
        )
        return [tuple(row) for row in rows]

    async def hasten(self) -> None:
        """Let everything that waits be due now."""
        await self.sql.execute("UPDATE deliveries SET next_at = now() WHERE state = 'waiting'")

    async def delivery(self) -> asyncpg.Record:
        """Return the delivery that was written last."""
        return await self.sql.fetchrow("SELECT * FROM deliveries ORDER BY id DESC LIMIT 1")


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's hands: each loop turns once."""

    stage: MessageStage
    resources: Resources
    outlets: Outlets

    async def relay(self) -> None:
        """Relay every fact that waits."""
        await Relay(self.resources.database, new_id, (), OUTSIDE, EXPERIMENT_KEY).relay_waiting(
            asyncio.Event()
        )

    async def deliver(self) -> None:
        """Deliver what is due on all channels until nothing is."""
        queue = DeliveryQueue(self.resources.database.engine)
        tools = Tools(queue=queue, now=now, new_id=new_id)
        deliverers = [
            Deliverer(tools, courier, at_once) for courier, at_once in self.outlets.couriers
        ]
        stop = asyncio.Event()
        running = [asyncio.create_task(each.run(stop)) for each in deliverers]
        try:
            await eventually(self._nothing_due)
        finally:
            stop.set()
            for each in deliverers:
                each.wake()
            await asyncio.gather(*running)

    async def _nothing_due(self) -> bool:
        due: int = await self.stage.sql.fetchval(
            "SELECT count(*) FROM deliveries WHERE state = 'waiting'"
            " AND channel IN ('mail', 'sms')"
            " AND (next_at <= clock_timestamp() OR lease IS NOT NULL)"
        )
        return due == 0
