"""Fetching from an address that a stranger chose: what is there, or one word why not."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from workers.channels.picture.drawing import NoPicture
from workers.channels.picture.fetching import PICTURE_BYTES_MAX, PictureFetcher


async def answer(request: web.Request) -> web.Response:
    """Answer as the path asks."""
    match request.path:
        case "/picture.png":
            assert "Cookie" not in request.headers
            response = web.Response(body=b"picture")
            response.set_cookie("seen", "1")
            return response
        case "/moved.png":
            return web.Response(status=302, headers={"Location": "/picture.png"})
        case "/large.png":
            return web.Response(body=bytes(PICTURE_BYTES_MAX + 1))
        case _:
            return web.Response(status=404)


class Inside(AbstractResolver):
    """Finds every host on this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Answer with the loopback address."""
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
async def host() -> AsyncIterator[TestServer]:
    """A host of pictures on this machine."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def fetcher(host: TestServer) -> AsyncIterator[PictureFetcher]:
    """A fetcher that may reach the host."""
    made = PictureFetcher(local=frozenset({("127.0.0.1", host.port or 0)}))
    yield made
    await made.close()


async def test_what_is_there_is_fetched(host: TestServer, fetcher: PictureFetcher) -> None:
    """Each time anew, and no host recognises us."""
    for _ in range(2):
        assert await fetcher.fetch(str(host.make_url("/picture.png"))) == b"picture"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone.png", "Status404"),
        ("/moved.png", "Status302"),
        ("/large.png", "TooManyBytes"),
    ],
)
async def test_what_is_no_answer_is_named(
    host: TestServer, fetcher: PictureFetcher, path: str, reason: str
) -> None:
    """A redirect is followed nowhere, and nobody fills our memory."""
    with pytest.raises(NoPicture, match=reason):
        await fetcher.fetch(str(host.make_url(path)))


async def test_a_name_that_leads_inside_is_not_followed(host: TestServer) -> None:
    """Wherever it led when the merchant wrote it, as with webhooks."""
    wary = PictureFetcher(resolver=Inside())
    with pytest.raises(NoPicture, match="BlockedAddress"):
        await wary.fetch("https://cafe.example/mug.png")
    with pytest.raises(NoPicture, match="BadUrl"):
        await wary.fetch(str(host.make_url("/picture.png")))
    await wary.close()


@pytest.mark.parametrize(
    "address",
    ["https://", "ftp://cafe.example/x", "https://cafe.example:x/", "http://cafe.example/x"],
)
async def test_an_address_that_cannot_be_is_one(fetcher: PictureFetcher, address: str) -> None:
    """Whatever a merchant wrote, it is a reason and no crash."""
    with pytest.raises(NoPicture, match="BadUrl"):
        await fetcher.fetch(address)


async def test_a_host_that_is_not_there_is_named(
    fetcher: PictureFetcher, host: TestServer
) -> None:
    """It may come back: the next try is later."""
    address = str(host.make_url("/picture.png"))
    await host.close()
    with pytest.raises(NoPicture, match="NoConnection"):
        await fetcher.fetch(address)
