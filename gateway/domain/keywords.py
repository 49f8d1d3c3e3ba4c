"""What a person means who answers a text message with a single word."""

import unicodedata
from enum import StrEnum

from gateway.domain.consents import Purpose


class Keyword(StrEnum):
    """A wish that every sender of text messages must understand."""

    STOP = "stop"
    HELP = "help"
    START = "start"

    @property
    def purpose(self) -> Purpose:
        """Why we answer: never with an offer."""
        return Purpose.SERVICE


# The first seven are the FCC's (FCC 24-24), valid alone and without regard to case.
_STOP = frozenset(
    {"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"}
    | {"optout", "stop all", "stopall", "stopp", "ende", "abmelden", "abbestellen"}
    | {"arret", "arreter", "desabonner", "desinscrire", "stoppen", "afmelden", "uitschrijven"}
)
# What takes a STOP back; a plain yes may be the answer to anything.
_START = frozenset({"start", "unstop"})
_HELP = frozenset({"help", "info", "aide", "hilfe", "hulp"})
# So plain that what follows does not matter: «stop sending me this».
_STOP_AT_ONCE = frozenset({"stop", "stopp", "unsubscribe", "arret"})
WORDS_MAX = 12


def keyword(text: str) -> Keyword | None:
    """Return what an answer asks for; None where a person must read it.

    Case, accents and punctuation do not count. Where a longer answer begins with a word of
    stopping it stops: writing to someone who asked us not to is the worse mistake.
    """
    words = _plain(text).split()[:WORDS_MAX]
    phrase = " ".join(words)
    if phrase in _STOP or (words and words[0] in _STOP_AT_ONCE):
        return Keyword.STOP
    if phrase in _START:
        return Keyword.START
    return Keyword.HELP if phrase in _HELP else None


def _plain(text: str) -> str:
    """Keep letters without their accents; everything else separates words."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    letters = (part for part in parts if not unicodedata.combining(part))
    return "".join(letter if letter.isalnum() else " " for letter in letters)
