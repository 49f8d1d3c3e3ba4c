"""Access tokens: one fetch for everybody, off the loop, in time, and never shown."""

import asyncio
import threading
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2.service_account import Credentials

from sandbox.google.stand_in import GoogleStandIn
from tests.googles import CLASS_ID, ISSUER, make_class, make_key_file
from workers.channels.base import DELIVERED, StopSender, Temporary
from workers.channels.google.client import GoogleWallet
from workers.channels.google.service_accounts import ServiceAccounts
from workers.channels.google.tokens import AccessTokens

UNUSABLE = Temporary("CredentialsUnusable", 900, StopSender("CredentialsUnusable"))


async def test_fifty_cold_callers_fetch_one_token_and_never_on_the_loop(
    google: GoogleStandIn, tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing and waiting for the token endpoint happen in a thread, once."""
    refresh, signed_in = Credentials.refresh, []

    def watched(self: Credentials, request: object) -> None:
        signed_in.append(threading.get_ident())
        refresh(self, request)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(Credentials, "refresh", watched)
    given = await asyncio.gather(*(tokens.token(ISSUER) for _ in range(50)))

    assert google.tokens.given == 1
    assert len(set(given)) == 1
    assert isinstance(given[0], str)
    assert len(signed_in) == 1
    assert threading.get_ident() not in signed_in


@pytest.mark.parametrize(("seconds", "fetches"), [(224, 2), (240, 1)])
async def test_a_token_is_renewed_before_it_ends(
    google: GoogleStandIn, tokens: AccessTokens, seconds: int, fetches: int
) -> None:
    """One with less than 3 min 45 s to go is not used any more."""
    google.tokens.seconds = seconds

    await tokens.token(ISSUER)
    await tokens.token(ISSUER)

    assert google.tokens.given == fetches


async def test_a_refused_token_is_renewed_and_the_call_repeated_once(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """401 says that nothing was looked at, so even a POST may follow it."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    google.tokens.revoke()

    assert await wallet.put_class(CLASS_ID, make_class()) == DELIVERED

    assert [call.status for call in google.recorded] == [200, 401, 200]
    assert google.tokens.given == 2


async def test_fifty_refused_callers_renew_once(
    google: GoogleStandIn, tokens: AccessTokens
) -> None:
    """Who comes late with the old token gets the new one that is already there."""
    old = await tokens.token(ISSUER)
    assert isinstance(old, str)

    renewed = await asyncio.gather(*(tokens.token(ISSUER, instead_of=old) for _ in range(50)))

    assert google.tokens.given == 2
    assert set(renewed).isdisjoint({old})


async def test_a_token_that_is_never_good_stops_the_sender(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """After one renewal the account itself is in doubt: two calls, no third."""
    google.tokens.seconds = -1

    outcome = await wallet.put_class(CLASS_ID, make_class())

    assert outcome == Temporary("authError", 900, StopSender("authError"))
    assert len(google.recorded) == 2


async def test_a_changed_key_file_is_taken_up(
    google: GoogleStandIn, tokens: AccessTokens, tmp_path: Path
) -> None:
    """No restart: the next token is signed with the key that is there now."""
    before = await tokens.token(ISSUER)
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    make_key_file(tmp_path / "accounts", f"{google.url}", key=key)

    after = await tokens.token(ISSUER)

    assert isinstance(after, str)
    assert after != before
    assert google.tokens.given == 2


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"type": "service_account"', "\x00"])
async def test_an_unusable_file_stops_the_sender_and_is_not_quoted(
    tmp_path: Path, content: str
) -> None:
    """A half-written file is read again at the next try."""
    accounts = ServiceAccounts(tmp_path)
    path = make_key_file(tmp_path, "http://127.0.0.1:1")
    key = path.read_text()
    path.write_text(content)

    assert await AccessTokens(accounts.of).token(ISSUER) == UNUSABLE
    with pytest.raises(ValueError, match=r"^service-account.json cannot be used: \w+$"):
        await accounts.of(ISSUER)
    path.write_text(key)
    assert "PRIVATE" not in repr(await accounts.of(ISSUER))


@pytest.mark.parametrize("issuer", ["1", "../3388000000012345678", "", "٣"])
async def test_nobody_else_has_a_service_account(tmp_path: Path, issuer: str) -> None:
    """An id is digits, and a path leads nowhere else."""
    make_key_file(tmp_path, "http://127.0.0.1:1")

    assert await AccessTokens(ServiceAccounts(tmp_path).of).token(issuer) == UNUSABLE
    assert await AccessTokens(ServiceAccounts(None).of).token(ISSUER) == UNUSABLE


async def test_an_account_google_does_not_know_stops_the_sender(
    google: GoogleStandIn, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    """A refused assertion is not tried again and again."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    make_key_file(tmp_path / "stolen", google.url, key=key)
    stranger = AccessTokens(ServiceAccounts(tmp_path / "stolen").of)

    outcome = await GoogleWallet(session, google.url, stranger).put_class(CLASS_ID, make_class())

    assert outcome == Temporary("TokenRefused", 900, StopSender("TokenRefused"))
    assert not google.recorded


async def test_an_endpoint_nobody_answers_at_is_tried_later(
    tokens: AccessTokens, tmp_path: Path
) -> None:
    """An outage is nobody's fault."""
    make_key_file(tmp_path / "accounts", "http://127.0.0.1:1")

    assert await tokens.token(ISSUER) == Temporary("TokenUnavailable")
