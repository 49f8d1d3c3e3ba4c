"""Whatever happens on the way to Google: an outcome, at most one POST, and no message twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from sandbox.google.commands import ApplyAndDrop, ApplyAndMumble, Command, Drop, Page, Slow
from sandbox.google.stand_in import GoogleStandIn
from tests.googles import CLASS_ID, OBJECT_ID, make_class, make_message, make_object
from workers.channels.base import DELIVERED, Temporary, Unclassified
from workers.channels.google.calls import ANSWER_BYTES_MAX, Resource
from workers.channels.google.client import GoogleWallet
from workers.channels.google.tokens import AccessTokens

HASTY = aiohttp.ClientTimeout(total=0.5)


@pytest.fixture
async def card(google: GoogleStandIn, wallet: GoogleWallet) -> str:
    """Put a class and an object to Google, and forget the calls."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    await wallet.put_object(OBJECT_ID, make_object(), is_new=True)
    google.recorded.clear()
    return OBJECT_ID


def posts(google: GoogleStandIn) -> int:
    """Count the POSTs the stand-in saw."""
    return sum(call.verb == "POST" for call in google.recorded)


APPLIED: dict[str, Command] = {
    "dropped": ApplyAndDrop(),
    "mumbled": ApplyAndMumble(),
    "late": Slow(1.5),
}
NOT_APPLIED: dict[str, Command] = {"dropped": Drop(), "proxy": Page(200)}


@pytest.mark.parametrize("command", APPLIED.values(), ids=APPLIED.keys())
async def test_a_message_that_arrived_without_an_answer_is_found(
    google: GoogleStandIn,
    session: aiohttp.ClientSession,
    tokens: AccessTokens,
    card: str,
    command: Command,
) -> None:
    """Google has it, we were not told: reading it back says so, and nothing is sent again."""
    google.next(command)
    hasty = GoogleWallet(session, google.url, tokens, timeout=HASTY)

    assert await hasty.add_message(Resource.OBJECT, card, make_message()) == DELIVERED

    assert posts(google) == 1
    assert google.wallet.get("loyaltyObject", card).content["messages"] == [make_message()]


@pytest.mark.parametrize("command", NOT_APPLIED.values(), ids=NOT_APPLIED.keys())
async def test_a_message_that_never_arrived_is_sent_by_the_next_attempt(
    google: GoogleStandIn, wallet: GoogleWallet, card: str, command: Command
) -> None:
    """One POST in this attempt, one in the next, one message in the end."""
    google.next(command)

    first = await wallet.add_message(Resource.OBJECT, card, make_message())
    assert isinstance(first, Temporary)
    assert posts(google) == 1

    again = await wallet.add_message(Resource.OBJECT, card, make_message(), is_repeat=True)
    assert again == DELIVERED
    assert google.wallet.get("loyaltyObject", card).content["messages"] == [make_message()]


async def test_whatever_is_lost_on_the_way_no_message_is_shown_twice(
    google: GoogleStandIn, wallet: GoogleWallet, card: str
) -> None:
    """The answer is lost at every call, reading included, until Google behaves again."""
    google.next(ApplyAndDrop(), times=4)
    outcome = await wallet.add_message(Resource.OBJECT, card, make_message())
    attempts = 1
    while outcome != DELIVERED:
        assert attempts < 10
        outcome = await wallet.add_message(Resource.OBJECT, card, make_message(), is_repeat=True)
        attempts += 1

    assert posts(google) == 1
    assert google.wallet.get("loyaltyObject", card).content["messages"] == [make_message()]


@pytest.mark.parametrize("command", [*APPLIED.values(), *NOT_APPLIED.values()])
async def test_a_put_without_an_answer_is_simply_put_again(
    google: GoogleStandIn,
    session: aiohttp.ClientSession,
    tokens: AccessTokens,
    card: str,
    command: Command,
) -> None:
    """It says how things shall be, so saying it twice is saying it once."""
    hasty = GoogleWallet(session, google.url, tokens, timeout=HASTY)
    for is_new in (False, True):
        google.next(command)
        first = await hasty.put_object(card, make_object(7), is_new=is_new)
        assert isinstance(first, Temporary)
        assert await hasty.put_object(card, make_object(7), is_new=is_new) == DELIVERED
        kept = google.wallet.get("loyaltyObject", card).content
        assert kept["loyaltyPoints"]["balance"] == {"int": 7}


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
RAW: dict[str, bytes] = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200",
    "no HTTP": b"\x16\x03\x01\x02\x00 hello\r\n\r\n",
    "a head only": HEAD + b"Content-Length: 10\r\n\r\n",
    "half a body": HEAD + b'Content-Length: 100\r\n\r\n{"id":',
    "a broken chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    "no gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "half JSON": HEAD + b'Content-Length: 6\r\n\r\n{"id":',
    "a list": HEAD + b"Content-Length: 2\r\n\r\n[]",
    "deep JSON": HEAD + b"Content-Length: 20000\r\n\r\n" + b"[" * 20_000,
    "bytes": HEAD + b"Content-Length: 2\r\n\r\n\xff\xfe",
    "a flood": HEAD + b"\r\n" + b" " * (ANSWER_BYTES_MAX + 100),
}


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Answer every request with these bytes (None: never) and hang up; gives the requests too."""
    seen: list[bytes] = []
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            if answer is None:
                await over.wait()
            else:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    finally:
        over.set()
        server.close()


@pytest.mark.parametrize("answer", [*RAW.values(), None], ids=[*RAW.keys(), "silence"])
@pytest.mark.usefixtures("google")
async def test_no_answer_is_so_broken_that_it_escapes(
    session: aiohttp.ClientSession, tokens: AccessTokens, answer: bytes | None
) -> None:
    """Each becomes an outcome that tries again later; the server saw exactly one POST."""
    async with answering(answer) as (url, seen):
        wallet = GoogleWallet(session, url, tokens, timeout=HASTY)
        outcome = await wallet.add_message(Resource.OBJECT, OBJECT_ID, make_message())

    assert isinstance(outcome, Temporary)
    assert sum(request.startswith(b"POST") for request in seen) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 502 Bad\r\nContent-Length: 4\r\n\r\n<ht>", Temporary("Status502")),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\n", Temporary("Status503", 9)),
        (b"HTTP/1.1 204 Empty\r\n\r\n", Unclassified("Status204")),
        (b'HTTP/1.1 403 No\r\n\r\n{"error":{"errors":[7]}}', None),
        (b'HTTP/1.1 403 No\r\n\r\n{"error":"no"}', None),
    ],
)
@pytest.mark.usefixtures("google")
async def test_an_error_page_is_read_by_its_status(
    session: aiohttp.ClientSession,
    tokens: AccessTokens,
    answer: bytes,
    expected: Temporary | Unclassified | None,
) -> None:
    """A body of any shape will do."""
    async with answering(answer) as (url, _):
        outcome = await GoogleWallet(session, url, tokens).put_class(CLASS_ID, make_class())

    assert outcome == expected or (expected is None and isinstance(outcome, Temporary))


async def test_nobody_at_home_is_an_outage(
    session: aiohttp.ClientSession, tokens: AccessTokens, google: GoogleStandIn
) -> None:
    """A connection that was never made sent nothing, so nothing is looked for."""
    wallet = GoogleWallet(session, "http://127.0.0.1:1", tokens)

    outcome = await wallet.add_message(Resource.CLASS, CLASS_ID, make_message())

    assert outcome == Temporary("Unreachable")
    assert not google.recorded


async def test_a_cut_connection_is_not_used_again(
    google: GoogleStandIn, wallet: GoogleWallet, card: str
) -> None:
    """A kept-alive connection that Google closed costs no POST its fate."""
    for number in range(5):
        google.next(ApplyAndDrop())
        await wallet.put_object(card, make_object(number))

    assert await wallet.put_object(card, make_object(9)) == DELIVERED
