"""What a mailbox provider holds against a mail, as sentences for the page."""

import email.policy
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
LINE_BYTES_MAX = 998
ONE_CLICK = "List-Unsubscribe=One-Click"


def read(content: bytes) -> EmailMessage:
    """Parse a mail; any bytes will do."""
    return message_from_bytes(content, EmailMessage, policy=email.policy.SMTP)


def faults_of(content: bytes, sender: str, recipient: str) -> tuple[str, ...]:
    """Name what is wrong with a mail of this envelope; RFC 5322, 2045 and 8058."""
    message = read(content)
    return (
        *_header_faults(message, sender, recipient),
        *_body_faults(message, content),
        *_unsubscribe_faults(message),
    )


def one_click_url(message: EmailMessage) -> str | None:
    """Return where a provider would post its user's wish, if the mail says so properly."""
    link = str(message.get("List-Unsubscribe", "")).strip()
    if not link.startswith("<") or not link.endswith(">") or _unsubscribes(message) != ONE_CLICK:
        return None
    return link[1:-1]


def _header_faults(message: EmailMessage, sender: str, recipient: str) -> Iterator[str]:
    for name in ONCE:
        count = len(message.get_all(name, []))
        if count != 1:
            yield f"{name} is there {count} times instead of once."
    if parseaddr(str(message.get("From", "")))[1] != sender:
        yield "From is not the envelope's sender."
    if parseaddr(str(message.get("To", "")))[1] != recipient:
        yield "To is not the envelope's recipient."
    if not str(message.get("Message-ID", "")).strip().endswith(f"@{sender.rpartition('@')[2]}>"):
        yield "Message-ID is not of the sender's domain."
    if message.get("Bcc") is not None:
        yield "Bcc has no place in a mail that was sent."
    if str(message.get("Auto-Submitted", "no")) == "no":
        yield "Auto-Submitted is missing, so that absent people answer."


def _body_faults(message: EmailMessage, content: bytes) -> Iterator[str]:
    if message.get_content_type() != "multipart/alternative":
        yield "It is not one text in two forms (multipart/alternative)."
    if message.get_body(("plain",)) is None:
        yield "There is no plain text."
    if message.get_body(("html",)) is None:
        yield "There is no HTML."
    for part in message.walk():
        yield from (f"Broken MIME: {type(defect).__name__}." for defect in part.defects)
    if any(len(line) > LINE_BYTES_MAX for line in content.split(b"\r\n")):
        yield f"A line is longer than {LINE_BYTES_MAX} bytes."


def _unsubscribe_faults(message: EmailMessage) -> Iterator[str]:
    """Check the pair of RFC 8058 §3.1 where either of them, or Precedence: bulk, is there."""
    link, post = message.get("List-Unsubscribe"), _unsubscribes(message)
    if link is None and not post and message.get("Precedence") is None:
        return
    if post != ONE_CLICK:
        yield f"List-Unsubscribe-Post is not {ONE_CLICK}."
    url = urlsplit(str(link or "").strip().strip("<>"))
    # A developer's own machine has no certificate.
    if url.scheme != "https" and url.hostname not in {"127.0.0.1", "localhost"}:
        yield "List-Unsubscribe holds no https link."


def _unsubscribes(message: EmailMessage) -> str:
    return str(message.get("List-Unsubscribe-Post", "")).strip()
