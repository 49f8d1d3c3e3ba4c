"""Mails per second: our mail channel beside a bare dialogue on kept connections and aiosmtplib.

The server takes everything and keeps nothing. Ours writes each mail, headers and MIME; the
dialogue sends bytes that were written before, and aiosmtplib's own `send`, a connection per
mail, a message that was composed before.
"""

import asyncio
import email.policy
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from benchmarks.mail_sink import mail_sink, mails_taken
from benchmarks.turns import Figures, take_turns
from gateway.domain.consents import Medium
from gateway.domain.programs import Look
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters import mails as letters
from gateway.presenters.message_previews import example_facts
from gateway.presenters.wordings.defaults import default_wording
from gateway.resources import new_id
from sandbox.ports import HOST, free_port
from workers.channels.base import Delivered
from workers.channels.mail.channel import FallbackMail
from workers.channels.mail.connections import Limits
from workers.channels.mail.mail import Mail
from workers.channels.mail.mime import Envelope, write
from workers.channels.mail.servers import parse_server
from workers.outlets import MAILS_AT_ONCE_MAX

TURNS = 3
OUR_MAILS, DIALOGUE_MAILS, AIOSMTPLIB_MAILS = 2_000, 4_000, 300
CONNECTIONS = Limits().connections_max
SENDER = "cards@example.org"


async def measure() -> Figures:
    """Return mails per second, and their ratio to the dialogue."""
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as name:
        folder, port = Path(name), free_port()
        mail = _mail()
        async with mail_sink(folder, port):
            rates = await take_turns(
                {
                    "dialogue": lambda: _dialogue_rate(port, write(mail)),
                    "ours": lambda: _our_rate(port, mail),
                    "aiosmtplib": lambda: _aiosmtplib_rate(port, write(mail)),
                },
                TURNS,
            )
            taken = await mails_taken(port)
    assert taken == TURNS * (OUR_MAILS + DIALOGUE_MAILS + AIOSMTPLIB_MAILS), taken
    return {
        "mail_kilobytes": round(len(write(mail).content) / 1_000, 1),
        "dialogue_per_second": rates.median("dialogue"),
        "ours_per_second": rates.median("ours"),
        "aiosmtplib_send_per_second": rates.median("aiosmtplib"),
        "ratio_to_dialogue": rates.ratio("ours", "dialogue"),
        "ratio_to_aiosmtplib_send": rates.ratio("ours", "aiosmtplib"),
    }


def _mail() -> Mail:
    """Compose what a customer gets after a stamp, in our own words."""
    page = letters.MailPage(
        event=MessageEvent.STAMP,
        wording=default_wording(MessageEvent.STAMP, Medium.MAIL, Language.EN),
        facts=example_facts(MessageEvent.STAMP, Language.EN),
        language=Language.EN,
        look=Look(),
        preferences_link="https://cards.example.com/choices/cafe-central",
    )
    written = letters.mail(page)
    return Mail(
        key=new_id(),
        written_at=datetime.now(UTC),
        sender_name="Café Central",
        sender_address=SENDER,
        recipient="anna@example.com",
        subject=written.subject,
        text=written.text,
        html=written.html,
    )


async def _our_rate(port: int, mail: Mail) -> float:
    channel = FallbackMail(parse_server(f"smtp://{HOST}:{port}"))
    waiting = iter(range(OUR_MAILS))

    async def sender() -> None:
        for _ in waiting:
            assert isinstance(await channel.send(mail), Delivered)

    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(MAILS_AT_ONCE_MAX)))
    seconds = time.perf_counter() - began
    await channel.close()
    return OUR_MAILS / seconds


async def _dialogue_rate(port: int, envelope: Envelope) -> float:
    content = envelope.content.replace(b"\r\n.", b"\r\n..") + b"."
    says = (
        f"MAIL FROM:<{envelope.sender}>".encode(),
        f"RCPT TO:<{envelope.recipient}>".encode(),
        b"DATA",
        content,
    )
    waiting = iter(range(DIALOGUE_MAILS))
    began = time.perf_counter()
    await asyncio.gather(*(_talk(port, says, waiting) for _ in range(CONNECTIONS)))
    return DIALOGUE_MAILS / (time.perf_counter() - began)


async def _talk(port: int, says: tuple[bytes, ...], waiting: Iterator[int]) -> None:
    """Say the same on one connection for each that waits, an answer after each line."""
    reader, writer = await asyncio.open_connection(HOST, port)
    await reader.readline()
    for _ in waiting:
        for line in says:
            writer.write(line + b"\r\n")
            answer = await reader.readline()
            assert answer[:1] in {b"2", b"3"}, answer
    writer.close()


async def _aiosmtplib_rate(port: int, envelope: Envelope) -> float:
    parsed = message_from_bytes(envelope.content, policy=email.policy.SMTP)
    assert isinstance(parsed, EmailMessage), "what this policy makes"
    waiting = iter(range(AIOSMTPLIB_MAILS))

    async def sender() -> None:
        for _ in waiting:
            await aiosmtplib.send(parsed, hostname=HOST, port=port, start_tls=False)

    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    return AIOSMTPLIB_MAILS / (time.perf_counter() - began)
