"""What a mail looks like on the wire, and that no word of it becomes a header."""

import email
import email.policy
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.channels.mail.conftest import make_mail
from workers.channels.mail.headers import UnsafeHeader
from workers.channels.mail.mime import write

SERVICE = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
MARKETING = SERVICE | {"List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"}
UNSUBSCRIBE = "https://cards.example.org/u/abc"


def names(content: bytes) -> list[str]:
    """Return the names of all header fields, read byte by byte and by no library."""
    head = content.split(b"\r\n\r\n", 1)[0]
    return [
        line.split(b":", 1)[0].decode("ascii")
        for line in head.split(b"\r\n")
        if not line.startswith((b" ", b"\t"))
    ]


def test_a_service_mail_is_whole_and_says_who_wrote_it_when() -> None:
    """Names and texts of any language arrive as they were written."""
    envelope = write(make_mail())
    message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)

    assert set(names(envelope.content)) == SERVICE
    assert (envelope.sender, envelope.recipient) == ("cards@example.org", "anna@example.org")
    assert message["From"].addresses[0].display_name == "Bäckerei Müller"
    assert message["Subject"] == "Ihr Kaffee wartet ☕"
    assert message["Message-ID"] == "<00000000-0000-0000-0000-000000000007@example.org>"
    assert message["Date"].datetime.isoformat() == "2026-11-21T08:30:00+00:00"
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content() == "Guten Tag\r\n.\r\n.Punkt\r\n"
    assert envelope.content.isascii()


def test_marketing_mail_can_be_stopped_with_one_click() -> None:
    """The pair of headers is there in one piece, whatever the length of the link."""
    link = UNSUBSCRIBE + "/" + "x" * 400
    content = write(make_mail(unsubscribe_url=link)).content

    assert set(names(content)) == MARKETING
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in b"\r\n" + content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_a_retry_is_the_same_mail() -> None:
    """A mailbox provider that keeps Message-IDs drops the repetition."""
    assert write(make_mail()) == write(make_mail())


@given(text=st.text(), html=st.text())
def test_every_text_arrives_as_it_was_written(text: str, html: str) -> None:
    """Any letters, any line ends, lines of dots, whatever looks like a boundary."""
    content = write(make_mail(text=text, html=html)).content
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    for kind, written in (("plain", text), ("html", html)):
        part = message.get_body((kind,))
        assert part is not None
        read = part.get_payload(decode=True)
        lines = written.encode().splitlines() or [b""]
        assert read == b"".join(line + b"\r\n" for line in lines)
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))


@given(name=st.text(max_size=200), subject=st.text(max_size=200))
def test_names_and_subjects_arrive_as_they_were_written(name: str, subject: str) -> None:
    """Quoted, encoded or as they are, on one line or on many."""
    with suppress(UnsafeHeader):
        content = write(make_mail(sender_name=name, subject=subject)).content
        message = email.message_from_bytes(content, policy=email.policy.SMTP)
        assert str(message["Subject"]).split() == subject.split()
        (sender,) = message["From"].addresses
        # Python's parser leaves the blank between two encoded words that RFC 2047 §6.2 drops.
        assert "".join(sender.display_name.split()) == "".join(name.split())
        assert sender.addr_spec == "cards@example.org"


def test_a_domain_of_any_script_is_punycoded() -> None:
    """Servers without SMTPUTF8 get it, too."""
    envelope = write(make_mail(recipient="anna@bücher.example.org"))
    assert envelope.recipient == "anna@xn--bcher-kva.example.org"
    assert envelope.content.isascii()


@pytest.mark.parametrize("field", ["sender_name", "subject"])
@pytest.mark.parametrize(
    "attack",
    [
        "Hello\r\nBcc: x@example.org",
        "Hello\nBcc: x@example.org",
        "Hello\rBcc: x@example.org",
        "Hello\x00",
        "Hello\u2028Bcc: x@example.org",
        "Hello\x85Bcc: x@example.org",
        "Hello\x0bBcc: x@example.org",
        "=?utf-8?q?Hello=0D=0ABcc:_x=40example.org?=",
        "=?utf-8?b?SGVsbG8NCkJjYzogeEBleGFtcGxlLm9yZw==?=",
        "moc.elpmaxe\u202e",
        "\u2066hidden\u2069",
        "\ud800",
        "x" * 501,
    ],
)
def test_what_could_become_a_header_is_refused(field: str, attack: str) -> None:
    """Also where Python itself would write the line break (CVE-2024-6923)."""
    with pytest.raises(UnsafeHeader):
        write(make_mail(**{field: attack}))


@pytest.mark.parametrize(
    ("field", "attack"),
    [
        ("recipient", "a@example.org, b@example.org"),
        ("recipient", "a@example.org\n"),
        ("recipient", "a@example.org\r\nRCPT TO:<b@example.org>"),
        ("recipient", "<a@example.org>"),
        ("recipient", "Anna <a@example.org>"),
        ("recipient", "x" * 300 + "@example.org"),
        ("recipient", "=?utf-8?q?a?=@example.org"),
        ("sender_address", "cards@example.org> SIZE=1"),
        ("reply_to", "shop@example.org\r\nBcc: b@example.org"),
        ("unsubscribe_url", "https://example.org/>\r\nBcc: b@example.org"),
        ("unsubscribe_url", "https://example.org/>, <mailto:b@example.org"),
        ("unsubscribe_url", "javascript:alert(1)"),
        ("unsubscribe_url", "https://example.org/" + "x" * 900),
    ],
)
def test_an_address_or_link_is_one_or_none(field: str, attack: str) -> None:
    """Two addresses, a name with the address, or anything after it is refused."""
    with pytest.raises(UnsafeHeader):
        write(make_mail(**{field: attack}))


@given(name=st.text(max_size=80), subject=st.text(max_size=200))
def test_no_text_at_all_adds_a_header(name: str, subject: str) -> None:
    """Whatever a merchant calls the shop: refused, or exactly our headers."""
    with suppress(UnsafeHeader):
        content = write(make_mail(sender_name=name, subject=subject)).content
        assert sorted(names(content)) == sorted(SERVICE)


PIECES = st.sampled_from(
    [
        "=?utf-8?q?a=0D=0ABcc:_b=40c.d?=",
        "=?utf-8?q?",
        "?=",
        "=0D=0A",
        "=0a",
        "\r",
        "\n",
        " ",
        "Bcc: a@b.c",
        "é",
        "\u2028",
        "=",
        "?",
        ",",
    ]
)


@given(text=st.lists(PIECES, max_size=60).map("".join))
def test_no_craft_adds_a_header(text: str) -> None:
    """The pieces that attacks are made of, in every order."""
    for field in ("sender_name", "subject"):
        with suppress(UnsafeHeader):
            assert sorted(names(write(make_mail(**{field: text})).content)) == sorted(SERVICE)
