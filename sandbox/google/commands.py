"""Misbehaviour on command: what the Google stand-in does with a call instead of answering it."""

from dataclasses import dataclass

from sandbox.google.refusals import ApiRefusal


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a refusal, without doing anything."""

    refusal: ApiRefusal
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Answer with a page for people, as a proxy on the way would."""

    status: int = 502


@dataclass(frozen=True, slots=True)
class Slow:
    """Do it, and answer after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ApplyAndDrop:
    """Do it, then cut the connection: the answer is lost, the write is not."""


@dataclass(frozen=True, slots=True)
class ApplyAndMumble:
    """Do it, and answer 200 with something that is no JSON."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the connection without doing anything."""


Command = Say | Page | Slow | ApplyAndDrop | ApplyAndMumble | Drop
