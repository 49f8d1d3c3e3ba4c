"""The gate of webhooks: whatever an address looks like, nothing inside is ever connected to."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.workers.channels.webhook.conftest import HASTY, Receiver, make_request
from workers.channels.base import DELIVERED, Permanent, Temporary
from workers.channels.webhook.channel import WebhookChannel
from workers.channels.webhook.guard import BlockedAddress, guarded

BLOCKED = Temporary("BlockedAddress")
INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - reaches this machine, if anybody lets it
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "①②⑦.⓪.⓪.①",
    "169.254.169.254",
    "10.0.0.1",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "224.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
]


class Rebinder(AbstractResolver):
    """Finds whatever the test wants behind every name, as an attacker's server does."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        """Answer with the addresses."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("host", INSIDE)
async def test_no_spelling_reaches_inside(
    strict: WebhookChannel, receiver: Receiver, host: str
) -> None:
    """Each form goes through a real connector, past every resolver, and ends at the gate."""
    request = make_request(f"http://{host}:{receiver.server.port}/hook")

    outcome, answer = await strict.send(request)

    # Some forms are no address even to the client's own parser.
    assert outcome in {BLOCKED, Permanent("BadUrl")}
    assert answer.status is None
    assert receiver.requests == []


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("::1", "127.0.0.1"), ("::ffff:127.0.0.1",), ("10.0.0.1",)]
)
async def test_a_name_that_leads_inside_is_blocked(
    receiver: Receiver, addresses: tuple[str, ...]
) -> None:
    """A name that was public when it was given may lead inside by now."""
    channel = WebhookChannel(limits=HASTY, resolver=Rebinder(*addresses))

    outcome, _ = await channel.send(
        make_request(f"http://shop.example:{receiver.server.port}/hook")
    )

    assert outcome == BLOCKED
    assert receiver.requests == []
    await channel.close()


async def test_a_developer_may_name_one_port(channel: WebhookChannel, receiver: Receiver) -> None:
    """The port that was named is reached, and its neighbour is not."""
    assert (await channel.send(make_request(receiver.url)))[0] == DELIVERED

    other = make_request(f"http://127.0.0.1:{receiver.place[1] - 1}/hook")
    assert (await channel.send(other))[0] == BLOCKED


async def test_localhost_stands_for_both_loopbacks(receiver: Receiver) -> None:
    """Whoever names localhost does not know which address it has."""
    channel = WebhookChannel(local=frozenset({("localhost", receiver.place[1])}), limits=HASTY)

    assert (await channel.send(make_request(receiver.url)))[0] == DELIVERED
    await channel.close()


def test_what_is_named_local_must_be_of_this_machine() -> None:
    """A private address stays closed even where a setting names it."""
    make_socket = guarded(frozenset({("10.0.0.1", 80)}))

    with pytest.raises(BlockedAddress):
        make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
    with pytest.raises(BlockedAddress):
        make_socket((socket.AF_UNIX, socket.SOCK_STREAM, 0, "", ("/run/postgresql", 1)))
    make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))).close()
