"""Writes a mail as the bytes that go to the server."""

import email.policy
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from workers.channels.mail.headers import UnsafeHeader, header_address, header_text, header_url
from workers.channels.mail.mail import Mail

MESSAGE_BYTES_MAX = 512 * 1024
# Nothing in the body depends on 8BITMIME, so that the bytes are the same for every server.
_POLICY = email.policy.SMTP.clone(cte_type="7bit")


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
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(header_text(mail.sender_name), addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    if mail.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=header_address(mail.reply_to))
    message["Subject"] = header_text(mail.subject)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    content = _links(mail) + message.as_bytes()
    if len(content) > MESSAGE_BYTES_MAX:
        raise UnsafeHeader
    return Envelope(sender, recipient, content)


def _links(mail: Mail) -> bytes:
    """Write what Python would fold or encode: a link must stay in one piece to be followed."""
    if mail.unsubscribe_url is None:
        return b""
    return (
        f"List-Unsubscribe: <{header_url(mail.unsubscribe_url)}>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        "Precedence: bulk\r\n"
    ).encode("ascii")
