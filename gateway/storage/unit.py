"""One unit of work for one merchant: a transaction, its stores, its facts, and the only commit."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.domain.events.base import Event
from gateway.storage.auditing.audits import Audits
from gateway.storage.auditing.chains import Chains
from gateway.storage.auditing.checkpoints import Checkpoints
from gateway.storage.auditing.reports import Reports
from gateway.storage.cards.adjustments import Adjustments
from gateway.storage.cards.cards import Cards
from gateway.storage.cards.customers import Customers
from gateway.storage.cards.experiment_figures import ExperimentFigures
from gateway.storage.cards.experiments import Experiments
from gateway.storage.cards.figures import Figures
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.lots import Lots
from gateway.storage.cards.periods import Periods
from gateway.storage.cards.pictures import Pictures
from gateway.storage.cards.postings import Announcement
from gateway.storage.cards.program_lists import ProgramLists
from gateway.storage.cards.programs import Programs
from gateway.storage.cards.redemptions import Redemptions
from gateway.storage.cards.rewards import Rewards
from gateway.storage.cards.sales import Sales
from gateway.storage.cards.segments import Segments
from gateway.storage.cards.transactions import Transactions
from gateway.storage.cards.upkeep import Upkeep
from gateway.storage.cards.vault import Vault
from gateway.storage.cards.versions import Versions
from gateway.storage.events.webhook_attempts import WebhookAttempts
from gateway.storage.events.webhook_endpoints import WebhookEndpoints
from gateway.storage.events.webhook_messages import WebhookMessages
from gateway.storage.messages.announcements import Announcements
from gateway.storage.messages.audiences import Audiences
from gateway.storage.messages.campaign_messages import CampaignMessages
from gateway.storage.messages.campaigns import Campaigns
from gateway.storage.messages.class_messages import ClassMessages
from gateway.storage.messages.consents import ConsentLog
from gateway.storage.messages.manners import Manners
from gateway.storage.messages.messages import Messages
from gateway.storage.messages.recipients import Recipients
from gateway.storage.messages.suppressions import Suppressions
from gateway.storage.messages.wordings import Wordings
from gateway.storage.people.attempts import Attempts
from gateway.storage.people.audit import Audit
from gateway.storage.people.merchants import Merchants
from gateway.storage.people.people import ApiKeys, Sessions, Staff
from gateway.storage.people.tills import Tills
from gateway.storage.queues.deliveries import Deliveries
from gateway.storage.queues.outbox import Outbox
from gateway.storage.queues.withdrawals import Withdrawals
from gateway.storage.wallets.devices import Devices
from gateway.storage.wallets.google import GoogleWallets
from gateway.storage.wallets.passes import Passes

# Both in one round trip; `true` keeps the merchant to this transaction and never to the pool.
_BEGIN = text("SELECT set_config('app.merchant', :merchant, true), clock_timestamp()")


class Unit:
    """A merchant's transaction under way: everything read and written through it is one whole.

    `now` is the database's clock when the unit began; `has_announced` says whether anything was
    announced until now.
    """

    def __init__(  # noqa: PLR0913, PLR0915 -- one line per store
        self,
        connection: AsyncConnection,
        merchant_id: UUID,
        now: datetime,
        *,
        vault: Vault,
        versions: Versions,
        new_id: Callable[[], UUID],
    ) -> None:
        """Open the stores on the connection."""
        self.merchant_id = merchant_id
        self.now = now
        self.has_announced = False
        self.adjustments = Adjustments(connection, merchant_id)
        self.announcements = Announcements(connection, merchant_id)
        self.attempts = Attempts(connection, merchant_id)
        self.audiences = Audiences(connection, merchant_id)
        self.audits = Audits(connection, merchant_id)
        self.audit = Audit(connection, merchant_id)
        self.api_keys = ApiKeys(connection, merchant_id)
        self.campaign_messages = CampaignMessages(connection, merchant_id)
        self.campaigns = Campaigns(connection, merchant_id)
        self.cards = Cards(connection, merchant_id)
        self.chains = Chains(connection, merchant_id)
        self.checkpoints = Checkpoints(connection, merchant_id)
        self.class_messages = ClassMessages(connection, merchant_id)
        self.consents = ConsentLog(connection, merchant_id)
        self.customers = Customers(connection, merchant_id, vault)
        self.deliveries = Deliveries(connection, merchant_id)
        self.devices = Devices(connection, merchant_id)
        self.experiment_figures = ExperimentFigures(connection, merchant_id)
        self.experiments = Experiments(connection, merchant_id)
        self.figures = Figures(connection, merchant_id)
        self.google = GoogleWallets(connection, merchant_id)
        self.lots = Lots(connection, merchant_id)
        self.manners = Manners(connection, merchant_id)
        self.merchants = Merchants(connection, merchant_id)
        self.messages = Messages(connection, merchant_id, vault)
        self.outbox = Outbox(connection, merchant_id)
        self.passes = Passes(connection, merchant_id)
        self.pictures = Pictures(connection, merchant_id)
        self.programs = Programs(connection, merchant_id, versions)
        self.periods = Periods(connection, merchant_id)
        self.program_lists = ProgramLists(connection, merchant_id)
        self.recipients = Recipients(connection, merchant_id)
        self.redemptions = Redemptions(connection, merchant_id)
        self.reports = Reports(connection, merchant_id)
        self.rewards = Rewards(connection, merchant_id)
        self.sales = Sales(connection, merchant_id)
        self.segments = Segments(connection, merchant_id)
        self.sessions = Sessions(connection, merchant_id)
        self.staff = Staff(connection, merchant_id)
        self.suppressions = Suppressions(connection, merchant_id)
        self.tills = Tills(connection, merchant_id)
        self.transactions = Transactions(connection, merchant_id)
        self.upkeep = Upkeep(connection, merchant_id)
        self.webhook_attempts = WebhookAttempts(connection, merchant_id)
        self.webhook_endpoints = WebhookEndpoints(connection, merchant_id)
        self.webhook_messages = WebhookMessages(connection, merchant_id)
        self.wordings = Wordings(connection, merchant_id)
        self.withdrawals = Withdrawals(connection, merchant_id)
        self._connection = connection
        self._new_id = new_id
        self._facts: list[Event] = []

    def announce(self, *facts: Event) -> None:
        """Remember facts, to be written with everything else when the unit ends well."""
        self._facts += facts

    def announced(self, *facts: Event) -> tuple[Announcement, ...]:
        """Return facts to whoever writes them along with what they tell of."""
        self.has_announced = self.has_announced or bool(facts)
        return tuple(
            Announcement(id=self._new_id(), type=fact.type, data=fact.data()) for fact in facts
        )

    async def ledger(self) -> Ledger:
        """Return the ledger inside this transaction."""
        raw = await self._connection.get_raw_connection()
        assert raw.driver_connection is not None
        return Ledger(raw.driver_connection.fetch)

    async def write_facts(self) -> None:
        """Put the remembered facts into the outbox."""
        await self.outbox.add(self.announced(*self._facts), self.now)


class Units:
    """Opens units of work: `async with units(merchant_id) as unit`; a clean exit commits."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        new_id: Callable[[], UUID],
        after_commit: Callable[[], None],
        versions: Versions,
    ) -> None:
        """Take what a unit needs, and the bell to ring when a unit with facts was committed."""
        self._engine = engine
        self._vault = vault
        self._new_id = new_id
        self._after_commit = after_commit
        self._versions = versions

    def __call__(self, merchant_id: UUID) -> AbstractAsyncContextManager[Unit]:
        """Return a unit for the merchant; an exception inside rolls everything back."""
        return self._open(merchant_id)

    @asynccontextmanager
    async def _open(self, merchant_id: UUID) -> AsyncIterator[Unit]:
        async with self._engine.connect() as connection:
            begun = (await connection.execute(_BEGIN, {"merchant": str(merchant_id)})).one()
            unit = Unit(
                connection,
                merchant_id,
                begun[1],
                vault=self._vault,
                versions=self._versions,
                new_id=self._new_id,
            )
            yield unit
            await unit.write_facts()
            await connection.commit()
        if unit.has_announced:
            self._after_commit()
