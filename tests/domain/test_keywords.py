"""What one word of a person means to every sender of text messages."""

import pytest

from gateway.domain.keywords import Keyword, keyword


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
