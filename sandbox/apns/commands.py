"""Misbehaviour on command: what the APNs stand-in does with a push instead of taking it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with this status; `body` replaces the JSON, `filler_bytes` swells the headers."""

    status: int
    reason: str = ""
    timestamp_ms: int | None = None
    body: bytes | None = None
    filler_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Reset:
    """Answer with RST_STREAM (8: CANCEL, 7: REFUSED_STREAM, 2: INTERNAL_ERROR)."""

    code: int = 8


@dataclass(frozen=True, slots=True)
class GoAway:
    """Process neither this push nor later ones of the connection, and say so."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Never answer this push."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the connection without a word."""


@dataclass(frozen=True, slots=True)
class Slow:
    """Take the push, but only after `seconds`."""

    seconds: float


Command = Say | Reset | GoAway | Silence | Drop | Slow
