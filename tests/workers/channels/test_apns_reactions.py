"""What an answer of APNs does to a delivery, a registration and a sender."""

from datetime import UTC, datetime

import pytest

from workers.channels.apns.breaker import MISMATCHES_MAX, UNPROVEN
from workers.channels.apns.reactions import (
    ACCEPTED,
    NOT_FOR_TOPIC,
    REFUSED_SENDER_REASONS,
    Answer,
    parse_answer,
    react,
)
from workers.channels.base import (
    DELIVERED,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)

MINUTES = 60
SINCE = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
MISMATCH = Answer(400, NOT_FOR_TOPIC)
REFUSED = Answer(403, "BadCertificate")

TABLE: list[tuple[Answer, Outcome]] = [
    (Answer(200), DELIVERED),
    (Answer(410, "Unregistered", 1_700_000_000_000), Permanent("Unregistered", Gone(SINCE))),
    (Answer(410, "ExpiredToken"), Permanent("ExpiredToken", Gone())),
    (Answer(410), Permanent("Status410", Gone())),
    (Answer(400, "BadDeviceToken"), Permanent("BadDeviceToken", Gone())),
    (Answer(400, NOT_FOR_TOPIC), Permanent(NOT_FOR_TOPIC)),
    (Answer(413, "PayloadTooLarge"), Permanent("PayloadTooLarge")),
    (Answer(429, "TooManyRequests"), Temporary("TooManyRequests", 30 * MINUTES)),
    (
        Answer(429, "TooManyProviderTokenUpdates"),
        Temporary("TooManyProviderTokenUpdates", 20 * MINUTES),
    ),
    (Answer(500, "InternalServerError"), Temporary("InternalServerError", 15 * MINUTES)),
    (Answer(503, "Shutdown"), Temporary("Shutdown", 15 * MINUTES)),
    (Answer(503), Temporary("Status503", 15 * MINUTES)),
    (Answer(400, "IdleTimeout"), Temporary("IdleTimeout")),
    (Answer(403), Temporary("Status403", 15 * MINUTES, StopSender("Status403"))),
    (Answer(418, "Teapot"), Unclassified("Teapot")),
    (Answer(0), Unclassified("Status0")),
]


@pytest.mark.parametrize(("answer", "outcome"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_each_answer_has_the_reaction_apple_asks_for(answer: Answer, outcome: Outcome) -> None:
    """The table of Apple's page, row by row."""
    assert react(answer) == outcome


@pytest.mark.parametrize("reason", sorted(REFUSED_SENDER_REASONS))
@pytest.mark.parametrize("status", [400, 403])
def test_a_refused_sender_stops_and_registrations_stay(status: int, reason: str) -> None:
    """Certificates, tokens and topics are our fault, so no phone is forgotten for them."""
    outcome = react(Answer(status, reason))
    assert outcome == Temporary(reason, 15 * MINUTES, StopSender(reason))


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff\xfe\x00", b'{"reason":["x"]}', b'{"timestamp":true}'],
    ids=repr,
)
def test_any_error_body_can_be_read(body: bytes) -> None:
    """What cannot be understood leaves the status."""
    assert parse_answer(410, body) == Answer(410)


@pytest.mark.parametrize("timestamp", [-1, 0, 10**20, 1.5, "1700000000000"], ids=repr)
def test_a_senseless_timestamp_is_none(timestamp: object) -> None:
    """A date that cannot be must not decide about a registration."""
    body = f'{{"reason":"Unregistered","timestamp":{timestamp!r}}}'.replace("'", '"')
    assert parse_answer(410, body.encode()) == Answer(410, "Unregistered")


def test_a_stray_token_is_given_up_only_by_a_proven_sender() -> None:
    """Before the first accepted push it may be the certificate that is wrong."""
    _, unproven = UNPROVEN.after(MISMATCH, now=0)
    assert unproven == Permanent(NOT_FOR_TOPIC)
    proven, _ = UNPROVEN.after(ACCEPTED, now=0)
    _, outcome = proven.after(MISMATCH, now=0)
    assert outcome == Permanent(NOT_FOR_TOPIC, Gone())


def test_a_burst_of_mismatches_stops_the_sender() -> None:
    """A wrong certificate makes every token look wrong; none of the later ones is forgotten."""
    breaker = UNPROVEN
    for _ in range(MISMATCHES_MAX):
        breaker, outcome = breaker.after(MISMATCH, now=0)
    assert outcome == Temporary(NOT_FOR_TOPIC, 15 * MINUTES, StopSender(NOT_FOR_TOPIC))
    assert breaker.refuses(now=1) is not None


def test_mismatches_between_accepted_pushes_stop_nothing() -> None:
    """A few stray tokens among good ones are just that."""
    breaker = UNPROVEN
    for _ in range(MISMATCHES_MAX * 2):
        breaker, _ = breaker.after(MISMATCH, now=0)
        breaker, _ = breaker.after(ACCEPTED, now=0)
    assert breaker.refuses(now=0) is None


def test_a_stopped_sender_tries_one_push_a_quarter_of_an_hour_later() -> None:
    """One trial goes out, the rest go on waiting; an accepted trial ends the stop."""
    stopped, _ = UNPROVEN.after(REFUSED, now=100)
    assert stopped.refuses(now=101) == Temporary(
        "SenderStopped", 899, StopSender("BadCertificate")
    )
    assert stopped.refuses(now=1_000) is None
    trying = stopped.trying(now=1_000)
    assert trying.refuses(now=1_001) is not None
    healed, _ = trying.after(ACCEPTED, now=1_001)
    assert healed.refuses(now=1_002) is None
