"""A mail server at its worst, and that every ending is told apart from the others."""

import asyncio
import ssl

import pytest

from tests.workers.channels.mail.conftest import (
    CONTENT,
    GREETING,
    HANG_UP,
    SILENCE,
    make_mail,
    scripted,
)
from workers.channels.base import Ambiguous, Delivered, Gone, Permanent, StopSender, Temporary
from workers.channels.mail.connections import Limits
from workers.channels.mail.mail import Mail
from workers.channels.mail.server import SmtpServer
from workers.channels.mail.servers import parse_server

HASTY = Limits(send_seconds_max=0.4, connect_seconds_max=0.3)


async def test_a_mail_taken_is_delivered(mail: Mail) -> None:
    """The content arrives whole, its leading dots included."""
    async with scripted() as server:
        channel = SmtpServer(server.address)
        assert await channel.send(mail) == Delivered("127.0.0.1")
        await channel.close()
    assert b"\r\n=2E\r\n..Punkt\r\n" in server.contents[0]
    assert server.heard == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        (GREETING, "421 4.3.2 closing", Temporary("Opening421")),
        (GREETING, "554 5.3.2 nobody here", Temporary("Opening554")),
        (GREETING, HANG_UP, Temporary("Disconnected")),
        (GREETING, "hello?", Temporary("Unreadable")),
        ("EHLO", "550 5.5.0 no", Temporary("Opening550")),
        ("MAIL", "451 4.3.0 later", Temporary("Sender451")),
        ("MAIL", HANG_UP, Temporary("Disconnected")),
        ("MAIL", "553 5.7.1 not yours", Temporary("Sender553", 900, StopSender("Sender553"))),
        ("MAIL", "530 5.7.0 log in", Temporary("Sender530", 900, StopSender("Sender530"))),
        ("RCPT", "450 4.2.0 greylisted", Temporary("Recipient450")),
        ("RCPT", "421 4.3.2 closing", Temporary("Recipient421")),
        ("RCPT", "550 5.1.1 unknown", Permanent("Recipient550", Gone())),
        ("RCPT", "550 unknown", Permanent("Recipient550", Gone())),
        ("RCPT", "551 5.1.6 moved", Permanent("Recipient551", Gone())),
        ("RCPT", "553 5.1.3 no mailbox", Permanent("Recipient553", Gone())),
        ("RCPT", "550 5.7.1 you are blocked", Permanent("Recipient550")),
        ("RCPT", "552 5.2.2 full", Permanent("Recipient552")),
        ("RCPT", "554 5.7.1 no", Permanent("Recipient554")),
        ("RCPT", HANG_UP, Temporary("Disconnected")),
        ("RCPT", "nonsense", Temporary("Unreadable")),
        ("DATA", "451 4.3.0 later", Temporary("Data451")),
        ("DATA", "554 5.5.1 no recipients", Permanent("Data554")),
        ("DATA", HANG_UP, Temporary("Disconnected")),
        (CONTENT, "452 4.3.1 disk full", Temporary("Sent452")),
        (CONTENT, "552 5.3.4 too big", Permanent("Sent552")),
        (CONTENT, "554 5.6.0 spam", Permanent("Sent554")),
        (CONTENT, "550 5.7.1 spam", Permanent("Sent550")),
        (CONTENT, "550 5.1.1 unknown after all", Permanent("Sent550", Gone())),
        (CONTENT, HANG_UP, Ambiguous("Disconnected")),
        (CONTENT, "what?", Ambiguous("Unreadable")),
        (CONTENT, "354 go on", Ambiguous("Unreadable")),
        (CONTENT, "199 hm", Ambiguous("Unreadable")),
        ("MAIL", "354 go on", Temporary("Unreadable")),
        ("RCPT", "299 perhaps", Temporary("Recipient299")),
    ],
)
async def test_each_refusal_has_its_meaning(
    mail: Mail, verb: str, reply: str, outcome: object
) -> None:
    """By reply and by how far the mail had come."""
    async with scripted(**{verb: reply}) as server:
        channel = SmtpServer(server.address)
        assert await channel.send(mail) == outcome
        await channel.close()


@pytest.mark.parametrize(
    ("verb", "outcome"),
    [
        (GREETING, Temporary("Timeout")),
        ("MAIL", Temporary("Timeout")),
        ("DATA", Temporary("Timeout")),
        (CONTENT, Ambiguous("Timeout")),
    ],
)
async def test_silence_ends_in_time(mail: Mail, verb: str, outcome: object) -> None:
    """Who never answers does not keep a worker, and only silence after the content is doubt."""
    async with scripted(**{verb: SILENCE}) as server:
        channel = SmtpServer(server.address, HASTY)
        assert await channel.send(mail) == outcome
        await channel.close()


async def test_a_server_that_is_not_there_is_temporary(mail: Mail) -> None:
    """Nothing left us."""
    async with scripted() as server:
        address = server.address
    assert await SmtpServer(address).send(mail) == Temporary("Disconnected")


async def test_a_wrong_password_stops_the_sender(mail: Mail) -> None:
    """And no word of it is in what we tell."""
    async with scripted(AUTH="535 5.7.8 no") as server:
        address = parse_server(f"smtp://us%40er:hun%2Fter2@127.0.0.1:{server.port}")
        outcome = await SmtpServer(address).send(mail)
    assert outcome == Temporary("Opening535", 900, StopSender("Opening535"))
    assert "hun" not in repr(address)
    assert (address.user, address.password) == ("us@er", "hun/ter2")


async def test_a_server_without_tls_gets_nothing_that_needs_it(mail: Mail) -> None:
    """A line that cannot be protected is not used unprotected."""
    async with scripted() as server:
        address = parse_server(f"smtp+starttls://127.0.0.1:{server.port}")
        outcome = await SmtpServer(address, HASTY).send(mail)
        assert outcome == Temporary("ServerUnusable", 900, StopSender("ServerUnusable"))
        assert "MAIL" not in server.heard


async def test_connections_are_kept_and_never_too_many(mail: Mail) -> None:
    """Thirty mails at once share eight lines, and a refused address does not cost one."""
    async with scripted() as server:
        channel = SmtpServer(server.address)
        outcomes = await asyncio.gather(*(channel.send(mail) for _ in range(30)))
        assert outcomes == [Delivered("127.0.0.1")] * 30
        assert server.connections <= 8
        server.replies["RCPT"] = "550 5.1.1 unknown"
        await channel.send(mail)
        del server.replies["RCPT"]
        assert await channel.send(mail) == Delivered("127.0.0.1")
        assert server.connections <= 8
        await channel.close()


async def test_waiting_for_a_line_takes_nothing_of_a_mails_own_time(mail: Mail) -> None:
    """Six mails on one slow line all arrive; who may hardly wait is tried again later."""
    async with scripted() as server:
        server.pause_seconds = 0.1
        patient = SmtpServer(server.address, Limits(connections_max=1, send_seconds_max=2.0))
        outcomes = await asyncio.gather(*(patient.send(mail) for _ in range(6)))
        assert outcomes == [Delivered("127.0.0.1")] * 6
        await patient.close()
        hasty = SmtpServer(server.address, Limits(connections_max=1, wait_seconds_max=0.05))
        outcomes = await asyncio.gather(*(hasty.send(mail) for _ in range(2)))
        assert outcomes == [Delivered("127.0.0.1"), Temporary("Timeout")]
        await hasty.close()


@pytest.mark.parametrize(
    ("limits", "connections"),
    [(Limits(mails_per_connection_max=2), 3), (Limits(idle_seconds_max=0.0), 5)],
)
async def test_a_line_is_left_before_its_server_ends_it(
    mail: Mail, limits: Limits, connections: int
) -> None:
    """After so many mails or such a silence the next mail opens another."""
    async with scripted() as server:
        channel = SmtpServer(server.address, limits)
        for _ in range(5):
            assert await channel.send(mail) == Delivered("127.0.0.1")
        await channel.close()
    assert server.connections == connections


async def test_a_line_closed_while_idle_costs_nothing(mail: Mail) -> None:
    """Servers end quiet lines when they like; the next mail goes over a new one at once."""
    async with scripted() as server:
        channel = SmtpServer(server.address)
        await channel.send(mail)
        server.writers[0].transport.abort()
        assert await channel.send(mail) == Delivered("127.0.0.1")
        assert len(server.contents) == 2
        await channel.close()


async def test_a_mail_that_could_hurt_never_leaves() -> None:
    """It is refused before anything is opened."""
    async with scripted() as server:
        channel = SmtpServer(server.address)
        assert await channel.send(make_mail(subject="a\r\nBcc: b@example.org")) == Permanent(
            "UnsafeHeader"
        )
        assert server.connections == 0


def test_the_url_says_how_the_line_is_protected() -> None:
    """Scheme, port and trust; a nonsense URL is refused without being quoted."""
    context = ssl.create_default_context()
    assert parse_server("smtps://mail.example.org", context).port == 465
    assert parse_server("smtp+starttls://mail.example.org").port == 587
    with pytest.raises(ValueError, match="not the URL of a mail server") as refused:
        parse_server("https://user:hunter2@mail.example.org")
    assert "hunter2" not in str(refused.value)
