"""Misbehaviour on command: what the mail server does with a mail instead of taking it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """When in a transaction it happens."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Say:
    """Answer so at that moment, and keep nothing."""

    moment: Moment
    reply: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the line after the content, before or after (`kept`) the mail is in the mailbox."""

    kept: bool


@dataclass(frozen=True, slots=True)
class Slow:
    """Take the mail, but only after `seconds`."""

    seconds: float


Command = Say | Drop | Slow

COMMANDS: Mapping[str, Command] = {
    "greylist": Say(Moment.RCPT, "450 4.2.0 Greylisted, try again"),
    "unknown-address": Say(Moment.RCPT, "550 5.1.1 No such mailbox"),
    "blocked-sender": Say(Moment.RCPT, "550 5.7.1 Your address is on a block list"),
    "wrong-password": Say(Moment.MAIL, "535 5.7.8 Authentication credentials invalid"),
    "spam": Say(Moment.DATA, "554 5.7.1 Looks like spam"),
    "disk-full": Say(Moment.DATA, "452 4.3.1 Insufficient system storage"),
    "drop-before-keeping": Drop(kept=False),
    "drop-after-keeping": Drop(kept=True),
    "slow": Slow(2.0),
}
