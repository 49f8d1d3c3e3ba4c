"""Names and subjects of mails: what may stand in a header."""

import pytest

from gateway.domain.header_text import HEADER_CHARACTERS_MAX, is_header_text


@pytest.mark.parametrize(
    "text",
    ["", "Café Émile", "10 = 10?", "咖啡", "قهوة", "👩‍🍳 Bakery", "x" * HEADER_CHARACTERS_MAX],
)
def test_a_name_of_any_language_passes(text: str) -> None:
    """As long as a header may be."""
    assert is_header_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBcc: b",
        "a\x00",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\ud800",
        "\u202eeman",
        "a\u2066b",
        "a\u061cb",
        "=?utf-8?q?=0a?=",
        "=?",
        "?=",
        "x" * (HEADER_CHARACTERS_MAX + 1),
    ],
)
def test_what_breaks_or_turns_a_line_is_refused(text: str) -> None:
    """Line breaks, controls, turners of direction, encoded words, and too much of it."""
    assert not is_header_text(text)
