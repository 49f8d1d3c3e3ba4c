"""Writes a mail as the bytes that go to the server.

By hand, since `email.message` takes two milliseconds for a mail: it parses every header it is
given. What may reach a header is checked before, so that only encoding and folding is left.
"""

from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import Header
from email.utils import format_datetime, quote

from workers.channels.mail.headers import UnsafeHeader, header_address, header_text, header_url
from workers.channels.mail.mail import Mail

MESSAGE_BYTES_MAX = 512 * 1024
LINE_END = "\r\n"
LINE_CHARACTERS_MAX = 78


@dataclass(frozen=True, slots=True)
class Envelope:
    """A written mail: who sends it, who gets it, and its bytes with CRLF line ends."""

    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


def write(mail: Mail) -> Envelope:
    """Write headers and a body of plain text and HTML; the same bytes on every call.

    Raises UnsafeHeader for anything that must not reach a header, and for a mail too long.
    Auto-Submitted keeps out-of-office answers away (RFC 3834 §5). Marketing mail has the pair of
    headers by which a mailbox provider unsubscribes its user with one POST (RFC 8058 §3.1).
    """
    sender, recipient = header_address(mail.sender_address), header_address(mail.recipient)
    # "=_" cannot occur in quoted-printable (RFC 2045 §6.7), so in no part.
    boundary = f"=_{mail.key.hex}"
    lines = [
        *_links(mail),
        *_headers(mail, sender, recipient),
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        f' boundary="{boundary}"',
        "",
    ]
    for kind, text in (("plain", mail.text), ("html", mail.html)):
        lines += [f"--{boundary}", *_part(kind, text)]
    lines += [f"--{boundary}--", ""]
    content = LINE_END.join(lines).encode("ascii")
    if len(content) > MESSAGE_BYTES_MAX:
        raise UnsafeHeader
    return Envelope(sender, recipient, content)


def _links(mail: Mail) -> Iterator[str]:
    """Write what nobody may fold: a link must stay in one piece to be followed."""
    if mail.unsubscribe_url is not None:
        yield f"List-Unsubscribe: <{header_url(mail.unsubscribe_url)}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        yield "Precedence: bulk"


def _headers(mail: Mail, sender: str, recipient: str) -> Iterator[str]:
    yield from _sender(header_text(mail.sender_name), sender)
    yield f"To: {recipient}"
    if mail.reply_to is not None:
        yield f"Reply-To: {header_address(mail.reply_to)}"
    yield f"Subject: {_encoded('Subject', header_text(mail.subject))}"
    yield f"Date: {format_datetime(mail.written_at)}"
    yield f"Message-ID: <{mail.key}@{sender.rpartition('@')[2]}>"
    yield "Auto-Submitted: auto-generated"


def _sender(name: str, address: str) -> Iterator[str]:
    """Write who sends it: a name in quotes, or encoded where it is not ASCII (RFC 5322 §3.4)."""
    if not name:
        yield f"From: {address}"
        return
    shown = f'"{quote(name)}"' if _is_short_ascii(name) else _encoded("From", name)
    yield f"From: {shown}"
    yield f" <{address}>"


def _encoded(name: str, text: str) -> str:
    """Write a text as it is, or as encoded words on as many lines as they take (RFC 2047)."""
    if _is_short_ascii(text):
        return text
    return Header(text, "utf-8", LINE_CHARACTERS_MAX, name).encode(linesep=LINE_END)


def _is_short_ascii(text: str) -> bool:
    return text.isascii() and len(text) < LINE_CHARACTERS_MAX - len("Subject: ")


def _part(kind: str, text: str) -> Iterator[str]:
    """Write one form of the body; nothing depends on 8BITMIME, so every server gets the same."""
    yield f'Content-Type: text/{kind}; charset="utf-8"'
    yield "Content-Transfer-Encoding: quoted-printable"
    yield ""
    lines = b"\n".join(text.encode().splitlines())
    yield b2a_qp(lines, quotetabs=False).decode("ascii").replace("\n", LINE_END)
    yield ""
