"""The words of cards, pages, reasons and messages: whole in each language, with the same gaps."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from gateway.domain.progress import Counts
from gateway.domain.wording import Language
from gateway.domain.wording_placeholders import BRACED
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.reason_phrases.languages import REASON_PHRASES

PLACES: Mapping[str, Mapping[Language, object]] = {
    "messages": PHRASES,
    "pages": PAGE_PHRASES,
    "cards": CARD_PHRASES,
    "reasons": REASON_PHRASES,
}
OTHERS = sorted(set(Language) - {Language.EN})
# A day of figures alone has the number of its month where others have its name.
OWN_GAPS = {"counting.short_day"}
# In French nothing stands between the thousands.
MAY_BE_EMPTY = {"counting.thousands"}
SHARED = {"cards.apple.1", "terms.minutes.one", "terms.minutes.many"}
LABEL_CHARACTERS_MAX = 9


def said(words: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every phrase below some words, by where it stands."""
    if isinstance(words, str):
        yield path.removeprefix("."), words
    elif isinstance(words, Mapping):
        for key, each in words.items():
            yield from said(each, f"{path}.{key}")
    elif isinstance(words, tuple):
        for place, each in enumerate(words):
            yield from said(each, f"{path}.{place}")
    elif is_dataclass(words):
        for field in fields(words):
            yield from said(getattr(words, field.name), f"{path}.{field.name}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_phrase_with_the_same_gaps(
    place: str, language: Language
) -> None:
    """Whoever adds a sentence adds it four times, and it says as much in each."""
    english = dict(said(PLACES[place][Language.EN]))
    phrases = dict(said(PLACES[place][language]))

    assert phrases.keys() == english.keys()
    for path, phrase in phrases.items():
        assert phrase.strip() or path in MAY_BE_EMPTY, path
        if path not in OWN_GAPS:
            assert sorted(set(BRACED.findall(phrase))) == sorted(
                set(BRACED.findall(english[path]))
            ), path


@pytest.mark.parametrize("place", ["pages", "cards", "reasons"])
@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(place: str, language: Language) -> None:
    """A word may be the same in two languages, a sentence is not."""
    english = dict(said(PLACES[place][Language.EN]))
    for path, phrase in said(PLACES[place][language]):
        assert phrase != english[path] or " " not in phrase or path in SHARED, path


@pytest.mark.parametrize("language", list(Language))
def test_labels_fit_where_google_shows_them(language: Language) -> None:
    """Above nine letters small screens cut them."""
    labels = CARD_PHRASES[language].labels

    assert labels.counted.keys() == set(Counts)
    for label in (*labels.counted.values(), labels.rewards):
        assert len(label) <= LABEL_CHARACTERS_MAX


def test_no_luxembourgish_word_that_may_lose_its_n_stands_before_a_gap() -> None:
    """Nobody knows what follows there (the Eifel rule)."""
    for words in (CARD_PHRASES, REASON_PHRASES):
        for path, phrase in said(words[Language.LB]):
            assert not re.search(r"n \{\{", phrase), path
