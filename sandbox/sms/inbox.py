"""The text messages of every number, as its phone would show them."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

TEXTS_PER_NUMBER_MAX = 100
NUMBERS_MAX = 500


class State(StrEnum):
    """How far a text has come."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    # What the person wrote.
    ANSWER = "answer"


@dataclass(slots=True, kw_only=True)
class Text:
    """One text between a merchant's number and a person's."""

    provider: str
    reference: str
    merchant: str
    person: str
    words: str = field(repr=False)
    at: datetime
    status_url: str = ""
    state: State = State.QUEUED


class Inbox:
    """Keeps the newest texts of each number; the number written to last is the first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, list[Text]] = OrderedDict()

    @property
    def numbers(self) -> Mapping[str, Text]:
        """Every number with its newest text."""
        return {number: self._texts[number][-1] for number in reversed(self._texts)}

    def of(self, number: str) -> list[Text]:
        """Return the texts of a number, oldest first."""
        return list(self._texts.get(number, ()))

    def keep(self, text: Text) -> None:
        """Add a text, and forget the oldest where there are too many."""
        texts = self._texts.setdefault(text.person, [])
        texts.append(text)
        del texts[:-TEXTS_PER_NUMBER_MAX]
        self._texts.move_to_end(text.person)
        while len(self._texts) > NUMBERS_MAX:
            self._texts.popitem(last=False)
