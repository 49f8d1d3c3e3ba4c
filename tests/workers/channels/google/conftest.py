"""A Google stand-in, and the channel that speaks to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.google.stand_in import GoogleStandIn
from tests.googles import make_key_file
from workers.channels.google.client import GoogleWallet
from workers.channels.google.service_accounts import ServiceAccounts
from workers.channels.google.tokens import AccessTokens


@pytest.fixture
async def google(tmp_path: Path) -> AsyncIterator[GoogleStandIn]:
    """Run a stand-in that knows one service account."""
    async with GoogleStandIn(tmp_path / "accounts") as stand_in:
        make_key_file(tmp_path / "accounts", stand_in.url)
        yield stand_in


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session as the worker does."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
def tokens(tmp_path: Path) -> AccessTokens:
    """Fetch tokens for the accounts in the test's folder."""
    return AccessTokens(ServiceAccounts(tmp_path / "accounts").of)


@pytest.fixture
def wallet(
    google: GoogleStandIn, session: aiohttp.ClientSession, tokens: AccessTokens
) -> GoogleWallet:
    """Speak to the stand-in."""
    return GoogleWallet(session, google.url, tokens)
