"""What one word of a person means to every sender of text messages."""

import pytest

from gateway.domain.consents import Purpose
from gateway.domain.keywords import WORDS_MAX, Keyword, keyword


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "STOP",
        " Stop. ",
        "quit",
        "End",
        "revoke",
        "Opt out",
        "opt-out",
        "OPTOUT",
        "cancel",
        "unsubscribe",
        "arrêt",
        "ARRET",
        "Arrêt",
        "Stopp!",
        "stop sending me this",
        "«stop»",
    ],
)
def test_every_way_of_stopping_stops(text: str) -> None:
    """The FCC's words and their sisters, however they are written."""
    assert keyword(text) is Keyword.STOP


@pytest.mark.parametrize("text", ["help", "HELP?", "info", "Aide", "hilfe"])
def test_who_asks_for_help_is_helped(text: str) -> None:
    """In the languages of our merchants."""
    assert keyword(text) is Keyword.HELP


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "thanks!",
        "non-stop party?",
        "can I cancel my table",
        "the end",
        "helpful",
        "x" * 9999,
    ],
)
def test_everything_else_is_for_a_person(text: str) -> None:
    """A word inside a sentence is no command."""
    assert keyword(text) is None


@pytest.mark.parametrize("text", ["start", "START!", "unstop"])
def test_who_wants_us_back_takes_the_stop_back(text: str) -> None:
    """In a word that cannot be the answer to anything else."""
    assert keyword(text) is Keyword.START


def test_a_word_of_several_parts_is_read_as_one() -> None:
    """However they are set apart, and never from the midst of a longer answer."""
    assert keyword("opt -- out") is Keyword.STOP
    assert keyword("help me") is None
    assert keyword("start " + "please " * WORDS_MAX) is None


@pytest.mark.parametrize("wish", list(Keyword))
def test_no_answer_to_a_wish_is_an_offer(wish: Keyword) -> None:
    """Who writes STOP hears that we stopped, and nothing else."""
    assert wish.purpose is Purpose.SERVICE
