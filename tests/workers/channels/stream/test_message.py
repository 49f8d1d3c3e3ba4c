"""Subjects of the event stream: the merchant's own, and nothing that reaches beyond."""

from uuid import UUID

import pytest

from workers.channels.stream.message import StreamMessage


def make_message(slug: str = "acme", event_type: str = "loyalty.card.stamped") -> StreamMessage:
    """Make a message of one merchant."""
    return StreamMessage(UUID(int=1), slug, event_type, b"{}")


def test_a_subject_is_merchant_service_and_event() -> None:
    """A consumer subscribes to one merchant, one service or one event."""
    message = make_message()

    assert message.addressable
    assert message.subject == "acme.loyalty.card.stamped"
    assert message.captured_by == "acme.loyalty.>"


@pytest.mark.parametrize(
    ("slug", "event_type"),
    [
        ("", "loyalty.card.stamped"),
        ("*", "loyalty.card.stamped"),
        (">", "loyalty.card.stamped"),
        ("acme.loyalty", "loyalty.card.stamped"),
        ("$JS", "API.STREAM.DELETE.PASSGATE"),
        ("ac me", "loyalty.card.stamped"),
        ("acme\r\nPUB x", "loyalty.card.stamped"),
        ("a" * 41, "loyalty.card.stamped"),
        ("acme", ""),
        ("acme", "loyalty"),
        ("acme", "loyalty.*"),
        ("acme", "loyalty..stamped"),
        ("acme", "loyalty.card\n"),
    ],
)
def test_what_is_no_plain_subject_is_not_sent(slug: str, event_type: str) -> None:
    """A name never becomes a wildcard, another merchant's subject or a command."""
    assert not make_message(slug, event_type).addressable


def test_a_message_shows_no_body() -> None:
    """What is in an event stays out of logs."""
    assert "secret" not in repr(StreamMessage(UUID(int=1), "acme", "loyalty.a", b"secret"))
