"""Two mail servers: the second helps, and never doubles."""

import pytest

from gateway.settings import read_settings
from tests.gateway.test_settings import COMPLETE
from tests.workers.channels.mail.conftest import CONTENT, GREETING, HANG_UP, scripted
from workers.channels.base import Ambiguous, Delivered, Gone, Permanent, Temporary
from workers.channels.mail.channel import FallbackMail, mail_channel
from workers.channels.mail.mail import Mail


@pytest.mark.parametrize(
    ("verb", "reply"),
    [(GREETING, HANG_UP), ("MAIL", "451 later"), ("RCPT", "450 later"), ("DATA", HANG_UP)],
)
async def test_the_second_takes_what_the_first_did_not(mail: Mail, verb: str, reply: str) -> None:
    """The same mail under the same Message-ID goes out within the same attempt."""
    async with scripted(**{verb: reply}) as first, scripted() as second:
        channel = FallbackMail(first.address, second.address)
        assert await channel.send(mail) == Delivered("127.0.0.1")
        await channel.close()
    assert first.contents == []
    assert f"Message-ID: <{mail.key}@example.org>".encode() in second.contents[0]


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        (CONTENT, HANG_UP, Ambiguous("Disconnected")),
        ("RCPT", "550 5.1.1 unknown", Permanent("Recipient550", Gone())),
        (CONTENT, "554 spam", Permanent("Sent554")),
    ],
)
async def test_the_second_is_not_asked_about_what_is_settled_or_in_doubt(
    mail: Mail, verb: str, reply: str, outcome: object
) -> None:
    """A mail that may have arrived never goes out a second time."""
    async with scripted(**{verb: reply}) as first, scripted() as second:
        channel = FallbackMail(first.address, second.address)
        assert await channel.send(mail) == outcome
        await channel.close()
    assert second.connections == 0


async def test_when_nobody_takes_it_it_is_tried_again(mail: Mail) -> None:
    """The last server's words are the ones to wait by."""
    async with scripted(MAIL="451 later") as first, scripted(MAIL="452 full") as second:
        channel = FallbackMail(first.address, second.address)
        assert await channel.send(mail) == Temporary("Sender452")
        await channel.close()


async def test_the_settings_say_which_servers_in_which_order(mail: Mail) -> None:
    """No server, no channel; two servers, and the second is the second."""
    assert mail_channel(read_settings(COMPLETE)) is None
    async with scripted(MAIL="451 later") as first, scripted() as second:
        settings = read_settings(
            COMPLETE
            | {
                "PASSGATE_MAIL_FROM": "cards@example.org",
                "PASSGATE_MAIL_URL": f"smtp://127.0.0.1:{first.port}",
                "PASSGATE_MAIL_FALLBACK_URL": f"smtp://127.0.0.1:{second.port}",
            }
        )
        channel = mail_channel(settings)
        assert channel is not None
        assert channel.seconds_max == 50
        assert await channel.send(mail) == Delivered("127.0.0.1")
        await channel.close()
    assert (len(first.contents), len(second.contents)) == (0, 1)
