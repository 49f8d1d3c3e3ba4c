"""A Google stand-in and workers that write to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.certificates import DevelopmentChain
from sandbox.google.stand_in import GoogleStandIn
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.stand_in import MailStandIn
from sandbox.sms.accounts import accounts_of
from sandbox.sms.stand_in import SmsStandIn
from tests.googles import ISSUER, make_key_file
from tests.wallets import Cafe, apple_chain, cafe
from tests.workers.conftest import stage
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.couriers.message_stage import MessageStage
from tests.workers.couriers.webhook_stage import WebhookStage, receiving
from tests.workers.stages import Stage

__all__ = ["apple_chain", "cafe", "stage"]


@pytest.fixture
async def google(
    stage: Stage, cafe: Cafe, apple_chain: DevelopmentChain, tmp_path: Path
) -> AsyncIterator[GoogleStage]:
    """A shop whose cards can be in Google Wallet."""
    assert apple_chain is stage.chain
    accounts = tmp_path / "google"
    async with GoogleStandIn(accounts) as stand_in:
        make_key_file(accounts, stand_in.url)
        async with cafe.resources.units(cafe.merchant.id) as unit:
            await unit.google.add_issuer(ISSUER)
        yield GoogleStage(stage, stand_in, accounts)


@pytest.fixture
async def post(stage: Stage, tmp_path: Path) -> AsyncIterator[MessageStage]:
    """A shop that writes mails and text messages."""
    accounts = accounts_of("a secret key of the installation")
    async with (
        MailStandIn(Mailbox(tmp_path / "mailbox")) as mail,
        SmsStandIn(accounts, "http://127.0.0.1:8080") as sms,
    ):
        yield MessageStage(stage, mail, sms, accounts, tmp_path)


@pytest.fixture
async def hooks(stage: Stage) -> AsyncIterator[WebhookStage]:
    """A shop that may tell a receiver of its events."""
    async with receiving() as receiver:
        yield WebhookStage(stage, receiver)
