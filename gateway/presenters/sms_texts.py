"""A message as an SMS: signs that cost little, links that stay whole, and the way out."""

import re

from gateway.domain.consents import Purpose
from gateway.domain.keywords import Keyword
from gateway.domain.sms_segments import SEGMENTS_MAX, segments
from gateway.domain.wording import Language, MessageEvent, Wording, fill
from gateway.domain.wording_faults import LINK
from gateway.presenters.message_values import MessageFacts, values_of
from gateway.presenters.phrases.languages import PHRASES

# One sign outside the GSM alphabet shortens every segment from 160 characters to 70.
_CHEAPER = str.maketrans(
    {
        "’": "'",
        "\u2018": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_WORD = re.compile(r"\s*\S+")
# Apart, so that no phone takes the dots for a part of a link.
_CUT = " ..."


def sms_text(
    event: MessageEvent | Keyword, wording: Wording, facts: MessageFacts, language: Language
) -> str:
    """Return the text, with the line that says how to stop under every offer."""
    said = fill(wording.body, values_of(facts, language, is_short=True)).translate(_CHEAPER)
    if event.purpose is not Purpose.MARKETING:
        return _shortened(said, "")
    return _shortened(said, f"\n{PHRASES[language].sms.stop_line}")


def answer_wording(keyword: Keyword, language: Language) -> Wording:
    """Return what we say to somebody who answered with a single word; START needs no answer."""
    assert keyword is not Keyword.START, "what begins again is answer enough"
    phrases = PHRASES[language].sms
    return Wording(phrases.stop_answer if keyword is Keyword.STOP else phrases.help_answer)


def _shortened(said: str, ending: str) -> str:
    """Leave out words from the end until it fits, links last of all and only as a whole."""
    if segments(said + ending) <= SEGMENTS_MAX:
        return said + ending
    words = _WORD.findall(said)
    in_order = sorted(range(len(words)), key=lambda place: (_is_link(words[place]), -place))
    dropped: set[int] = set()
    for place in in_order:
        dropped.add(place)
        kept = "".join(word for at, word in enumerate(words) if at not in dropped)
        if segments(kept + _CUT + ending) <= SEGMENTS_MAX:
            return kept + _CUT + ending
    return ending.strip()


def _is_link(word: str) -> bool:
    return LINK.search(word) is not None
