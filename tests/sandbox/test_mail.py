"""The mailbox: takes what a mailbox provider would, names every fault, and unsubscribes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.app import SandboxConfig, create_sandbox
from sandbox.mail.checks import faults_of
from sandbox.mail.commands import COMMANDS
from sandbox.mail.mailbox import LETTERS_KEPT_MAX, Mailbox
from sandbox.mail.pages import add_mail
from sandbox.mail.stand_in import MailStandIn
from workers.channels.base import Ambiguous, Delivered, Gone, Outcome, Permanent, Temporary
from workers.channels.mail.channel import FallbackMail
from workers.channels.mail.mail import Mail
from workers.channels.mail.mime import write
from workers.channels.mail.servers import parse_server

SENDER, RECIPIENT = "cards@passgate.example.org", "anna@example.org"


def make_mail(recipient: str = RECIPIENT, unsubscribe_url: str | None = None) -> Mail:
    """Make a mail as a courier does."""
    return Mail(
        key=uuid4(),
        written_at=datetime(2026, 11, 21, tzinfo=UTC),
        sender_name="Café Blau",
        sender_address=SENDER,
        recipient=recipient,
        subject="Ein Kaffee für Sie",
        text="Guten Tag",
        html="<p>Guten <b>Tag</b></p><script>alert(1)</script>",
        unsubscribe_url=unsubscribe_url,
    )


@pytest.fixture
async def mail(tmp_path: Path) -> AsyncIterator[MailStandIn]:
    """A mail server with an empty mailbox."""
    async with MailStandIn(Mailbox(tmp_path / "mail")) as opened:
        yield opened


@pytest.fixture
async def channel(mail: MailStandIn) -> AsyncIterator[FallbackMail]:
    """Our own channel, pointed at it."""
    opened = FallbackMail(parse_server(f"smtp://127.0.0.1:{mail.port}"))
    yield opened
    await opened.close()


async def test_our_mails_have_no_fault(mail: MailStandIn, channel: FallbackMail) -> None:
    """Service and marketing mail arrive whole, and outlive a restart."""
    assert isinstance(await channel.send(make_mail()), Delivered)
    marketing = make_mail(unsubscribe_url="https://cards.example.org/u/1")
    assert isinstance(await channel.send(marketing), Delivered)

    newest, oldest = mail.mailbox
    assert (newest.faults, oldest.faults) == ((), ())
    assert newest.one_click == "https://cards.example.org/u/1"
    assert oldest.one_click is None
    assert oldest.body("plain").strip() == "Guten Tag"
    again = Mailbox(mail.mailbox._folder)
    assert [letter.id for letter in again] == [newest.id, oldest.id]


@pytest.mark.parametrize(
    ("command", "outcome", "kept"),
    [
        ("greylist", Temporary("Recipient450"), 0),
        ("unknown-address", Permanent("Recipient550", Gone()), 0),
        ("blocked-sender", Permanent("Recipient550"), 0),
        ("spam", Permanent("Sent554"), 0),
        ("disk-full", Temporary("Sent452"), 0),
        ("drop-before-keeping", Ambiguous("Disconnected"), 0),
        ("drop-after-keeping", Ambiguous("Disconnected"), 1),
    ],
)
async def test_it_misbehaves_once_on_command(
    mail: MailStandIn, channel: FallbackMail, command: str, outcome: Outcome, kept: int
) -> None:
    """The next mail meets it, the one after that arrives."""
    mail.next(command)
    assert await channel.send(make_mail()) == outcome
    assert len(list(mail.mailbox)) == kept
    assert isinstance(await channel.send(make_mail()), Delivered)


async def test_a_wrong_password_and_a_dead_address_are_known(
    mail: MailStandIn, channel: FallbackMail
) -> None:
    """One stops the sender, the other needs no command."""
    mail.next("wrong-password")
    outcome = await channel.send(make_mail())
    assert isinstance(outcome, Temporary)
    assert outcome.follow_up is not None
    bounced = await channel.send(make_mail("bounce+1@example.org"))
    assert bounced == Permanent("Recipient550", Gone())


@pytest.mark.parametrize(
    ("found", "replaced", "fault"),
    [
        (b"Date:", b"X-Date:", "Date is there 0 times"),
        (b"Subject:", b"Date: x\r\nSubject:", "Date is there 2 times"),
        (b"From: ", b"From: x@example.org, ", "From is not the envelope's sender"),
        (b"To: anna", b"To: bob", "To is not the envelope's recipient"),
        (b"@passgate.example.org>\r\nAuto", b"@x>\r\nAuto", "not of the sender's domain"),
        (b"Auto-Submitted: auto-generated\r\n", b"", "Auto-Submitted is missing"),
        (b"multipart/alternative", b"multipart/mixed", "not one text in two forms"),
        (b"text/html", b"text/csv", "There is no HTML"),
        (b"text/plain", b"text/csv", "There is no plain text"),
        (b"List-Unsubscribe=One-Click", b"yes", "List-Unsubscribe-Post is not"),
        (b"<https://", b"<http://", "holds no https link"),
        (b"Guten", b"x" * 999, "A line is longer"),
    ],
)
def test_each_fault_is_named(found: bytes, replaced: bytes, fault: str) -> None:
    """One thing wrong is said in one sentence, or more where one follows from the other."""
    content = write(make_mail(unsubscribe_url="https://cards.example.org/u/1")).content
    assert faults_of(content, SENDER, RECIPIENT) == ()
    assert found in content
    faults = faults_of(content.replace(found, replaced, 1), SENDER, RECIPIENT)
    assert any(fault in said for said in faults), faults


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"From: a\r\n\r\n", b"\r\n" * 1000])
def test_any_bytes_make_a_letter(content: bytes, tmp_path: Path) -> None:
    """Whatever arrives can be looked at."""
    letter = Mailbox(tmp_path).keep(SENDER, RECIPIENT, content, 1)
    assert letter.faults
    assert letter.body("html") == ""


def test_the_oldest_letters_make_room(tmp_path: Path) -> None:
    """A mailbox does not grow for ever, neither in memory nor on disk."""
    box = Mailbox(tmp_path)
    for moment in range(LETTERS_KEPT_MAX + 3):
        box.keep(SENDER, RECIPIENT, b"", moment)
    assert len(list(box)) == LETTERS_KEPT_MAX
    assert len(list(tmp_path.iterdir())) == 2 * LETTERS_KEPT_MAX


@dataclass(frozen=True, slots=True)
class Pages:
    """Where passgate is, a browser on the pages, and what passgate was asked."""

    url: str
    client: TestClient[web.Request, web.Application]
    asked: list[tuple[str, str, str | None]]


@pytest.fixture
async def pages(mail: MailStandIn, tmp_path: Path) -> AsyncIterator[Pages]:
    """The mailbox's pages beside a passgate that takes unsubscriptions."""
    asked: list[tuple[str, str, str | None]] = []

    async def unsubscribe(request: web.Request) -> web.Response:
        asked.append((request.method, await request.text(), request.headers.get("Cookie")))
        return web.Response(status=202)

    passgate = web.Application()
    passgate.router.add_route("*", "/u/1", unsubscribe)
    async with TestServer(passgate) as server:
        url = str(server.make_url("")).rstrip("/")
        app = create_sandbox(SandboxConfig(public_url=url, data_directory=tmp_path, roots=[]))
        add_mail(app, mail, url)
        async with TestClient(TestServer(app)) as client:
            yield Pages(url, client, asked)


async def test_a_letter_is_shown_and_can_run_nothing(
    mail: MailStandIn, channel: FallbackMail, pages: Pages
) -> None:
    """Its HTML stands in a frame without scripts, forms and anything loaded."""
    await channel.send(make_mail())
    (letter,) = mail.mailbox
    listed = await (await pages.client.get("/mail")).text()
    assert "Ein Kaffee für Sie" in listed
    assert "no faults" in listed

    page = await pages.client.get(f"/mail/{letter.id}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "Auto-Submitted" in await page.text()
    frame = await pages.client.get(f"/mail/{letter.id}/html")
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


async def test_the_button_unsubscribes_as_a_provider_does(
    mail: MailStandIn, channel: FallbackMail, pages: Pages
) -> None:
    """One post without cookies, and only to our own passgate."""
    await channel.send(make_mail(unsubscribe_url=f"{pages.url}/u/1"))
    await channel.send(make_mail(unsubscribe_url="https://cards.example.org/u/1"))
    foreign, ours = mail.mailbox

    done = await pages.client.post(f"/mail/{ours.id}/unsubscribe")
    assert "answered the unsubscription with 202" in await done.text()
    assert (await pages.client.post(f"/mail/{foreign.id}/unsubscribe")).status == 400
    assert pages.asked == [("POST", "List-Unsubscribe=One-Click", None)]


async def test_every_misbehaviour_has_a_button(pages: Pages) -> None:
    """And nothing else is taken for one."""
    for command in COMMANDS:
        assert (await pages.client.post(f"/mail/next/{command}")).status == 200
    assert (await pages.client.post("/mail/next/nonsense")).status == 404
    assert (await pages.client.get("/mail/1")).status == 404
