"""Malformed HTTP, as bytes on a socket."""

import asyncio

import pytest

from tests.web.doors import Client

GOOD = b"Host: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nConnection: close\r\n"
POST = b"POST /api/v1/stamps HTTP/1.1\r\n" + GOOD
BODY = b'{"stamps":1}'


async def speak(client: Client, raw: bytes) -> bytes:
    """Send bytes, and read until the server hangs up."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(raw)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_control_is_understood(client: Client) -> None:
    """The request that the others deform is a good one."""
    answer = await speak(client, POST + b"Content-Length: 12\r\n\r\n" + BODY)

    assert answer.startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    "raw",
    [
        POST + b"Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
        POST + b"Content-Length: 12\r\nContent-Length: 13\r\n\r\n" + BODY,
        POST + b"Content-Length: +12\r\n\r\n" + BODY,
        POST + b"Content-Length : 12\r\n\r\n" + BODY,
        POST + b"Content-Length: 12\nX: y\r\n\r\n" + BODY,
        b"POST /api/v1/stamps HTTP/1.1\r\nConnection: close\r\n\r\n",
        POST + b"X: " + b"a" * 16_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"BREW /api/v1/stamps HTTP/1.1\r\n" + GOOD + b"\r\n",
    ],
    ids=[
        "length-and-chunked",
        "two-lengths",
        "signed-length",
        "space-before-colon",
        "bare-line-feed",
        "no-host",
        "long-header",
        "tls-hello",
        "unheard-of-method",
    ],
)
async def test_i5_an_ambiguous_request_is_400(client: Client, raw: bytes) -> None:
    """What a proxy and we could read differently is not read at all."""
    answer = await speak(client, raw)

    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b"Traceback" not in answer
