"""The words of a message: for which event, in which language, with which gaps to fill in."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.consents import Medium, Purpose
from gateway.domain.errors import Invalid
from gateway.domain.wording_faults import brace_fault, has_link, hidden_fault, link_fault
from gateway.domain.wording_placeholders import (
    BALANCE,
    BRACED,
    CARD_LINK,
    EXPIRES_ON,
    EXPIRING,
    MERCHANT,
    MOVES_ON,
    OUTLOOK,
    PROGRAM,
    PROGRESS,
    REWARD,
    REWARDS_READY,
    STAMPS_MISSING,
    TIER,
    UNTIL,
    Placeholder,
)

SUBJECT_CHARACTERS_MAX = 120
BODY_CHARACTERS_MAX: Mapping[Medium, int] = {
    Medium.MAIL: 4_000,
    Medium.SMS: 300,
    Medium.WALLET: 200,
}
VALUE_CHARACTERS_MAX = 300


class Language(StrEnum):
    """A language we write in."""

    EN = "en"
    FR = "fr"
    DE = "de"
    LB = "lb"


class MessageEvent(StrEnum):
    """What a message is about."""

    WELCOME = "welcome"
    STAMP = "stamp"
    REWARD_EARNED = "reward_earned"
    REDEEMED = "redeemed"
    EXPIRING = "expiring"
    TIER_CHANGE = "tier_change"
    TIER_NOTICE = "tier_notice"
    PROGRAM_ENDED = "program_ended"
    CAMPAIGN = "campaign"

    @property
    def purpose(self) -> Purpose:
        """Why we write: only a campaign is an offer."""
        return Purpose.MARKETING if self is MessageEvent.CAMPAIGN else Purpose.SERVICE


@dataclass(frozen=True, slots=True)
class Wording:
    """Words with gaps; only mail has a subject. Paragraphs of a mail stand apart by a blank line.

    Line ends are line feeds; a browser's form sends others.
    """

    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of filled words; `placeholder` names the gap it came from, if it came from one."""

    text: str
    placeholder: str | None = None


# In Luxembourg everybody reads French and German as well.
_NEXT_BEST: Mapping[Language, tuple[Language, ...]] = {Language.LB: (Language.FR, Language.DE)}

_ALWAYS = (MERCHANT, PROGRAM, REWARD, PROGRESS, STAMPS_MISSING, BALANCE, OUTLOOK)
_OF_EVENT: Mapping[MessageEvent, tuple[Placeholder, ...]] = {
    MessageEvent.WELCOME: _ALWAYS,
    MessageEvent.STAMP: (*_ALWAYS, REWARDS_READY),
    MessageEvent.REWARD_EARNED: (*_ALWAYS, REWARDS_READY),
    MessageEvent.REDEEMED: (*_ALWAYS, REWARDS_READY),
    MessageEvent.EXPIRING: (*_ALWAYS, REWARDS_READY, EXPIRING, EXPIRES_ON),
    MessageEvent.TIER_CHANGE: (*_ALWAYS, TIER),
    MessageEvent.TIER_NOTICE: (*_ALWAYS, TIER, MOVES_ON),
    MessageEvent.PROGRAM_ENDED: (*_ALWAYS, REWARDS_READY, UNTIL),
    MessageEvent.CAMPAIGN: (*_ALWAYS, REWARDS_READY),
}


def choose_language(
    wanted: Iterable[str], available: Collection[Language] = tuple(Language)
) -> Language:
    """Return the first available language a person wants, given as tags such as `fr-LU`.

    Who wants only what we do not have, reads English, or what there is.
    """
    assert available, "a message has words in at least one language"
    for tag in wanted:
        primary = tag.strip().lower().replace("_", "-").partition("-")[0]
        if primary in tuple(Language):
            language = Language(primary)
            for offered in (language, *_NEXT_BEST.get(language, ())):
                if offered in available:
                    return offered
    return next(language for language in Language if language in available)


def placeholders(event: MessageEvent, medium: Medium) -> tuple[Placeholder, ...]:
    """Return what may stand in braces; a wallet shows the card itself and no links."""
    return _OF_EVENT[event] if medium is Medium.WALLET else (*_OF_EVENT[event], CARD_LINK)


def check_wording(event: MessageEvent, medium: Medium, wording: Wording) -> None:
    """Raise `Invalid` with a sentence per field, when this cannot be sent in anybody's name."""
    allowed = placeholders(event, medium)
    faults = {
        "subject": _subject_fault(medium, wording.subject, allowed),
        "body": _body_fault(medium, wording.body, allowed),
    }
    found = {field: fault for field, fault in faults.items() if fault}
    if found:
        raise Invalid("Please check the words.", errors=found)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its gaps filled."""
    return "".join(piece.text for piece in pieces(text, values))


def pieces(text: str, values: Mapping[str, str]) -> Iterator[Piece]:
    """Give the text stretch by stretch, in one pass: braces in a value are only braces."""
    end = 0
    for gap in BRACED.finditer(text):
        assert gap[1] in values, f"nobody gave a value for {gap[1]}"
        yield Piece(text[end : gap.start()])
        yield Piece(one_line(values[gap[1]]), gap[1])
        end = gap.end()
    yield Piece(text[end:])


def one_line(value: str) -> str:
    """Return a value without line ends, hidden signs and the surplus: it shapes no message."""
    kept = (character if character.isprintable() else " " for character in value)
    return " ".join("".join(kept).split())[:VALUE_CHARACTERS_MAX]


def _subject_fault(medium: Medium, subject: str, allowed: Collection[Placeholder]) -> str | None:
    if medium is not Medium.MAIL:
        return "Only mail has a subject." if subject else None
    if not subject.strip():
        return "Please write a subject."
    if len(subject) > SUBJECT_CHARACTERS_MAX:
        return f"Please use at most {SUBJECT_CHARACTERS_MAX} characters."
    # The beginning of an RFC 2047 encoded word: a mail program would decode what we never read.
    if "=?" in subject:
        return "Please leave out “=?”."
    if has_link(subject):
        return "Please put links into the text."
    in_subject = [placeholder for placeholder in allowed if placeholder is not CARD_LINK]
    return hidden_fault(subject, lines=False) or brace_fault(subject, in_subject)


def _body_fault(medium: Medium, body: str, allowed: Collection[Placeholder]) -> str | None:
    if not body.strip():
        return "Please write something here."
    if len(body) > BODY_CHARACTERS_MAX[medium]:
        return f"Please use at most {BODY_CHARACTERS_MAX[medium]} characters."
    fault = hidden_fault(body, lines=medium is not Medium.WALLET) or brace_fault(body, allowed)
    if fault:
        return fault
    if medium is Medium.WALLET and has_link(body):
        return "A wallet shows no links: please leave them out."
    # Who reads an SMS knows the sender only by what it says.
    if medium is Medium.SMS and MERCHANT.name not in BRACED.findall(body):
        return f"Please say who writes: use {MERCHANT.braced}."
    return link_fault(body)
