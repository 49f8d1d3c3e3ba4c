"""What a text costs: the two alphabets, their lengths, and what must not be split."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.sms_segments import segments

GSM = st.text(alphabet="abcXYZ 0189@£$èÅß€{}[]~^|\\", max_size=700)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ç", 1),
        ("☕" + "a" * 69, 1),
        ("☕" + "a" * 70, 2),
        ("☕" * 134, 2),
        ("☕" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # 67 units hold 33 pairs and leave one unit empty.
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        # 153 septets hold 76 escaped characters and leave one septet empty.
        ("€" * 152, 2),
        ("€" * 153, 3),
    ],
)
def test_the_documented_lengths(text: str, expected: int) -> None:
    """160 or 153 septets, 70 or 67 units."""
    assert segments(text) == expected


@given(GSM)
def test_gsm_needs_as_much_as_its_septets(text: str) -> None:
    """At least the rounded quotient, at most what one lost septet per segment adds."""
    septets = sum(2 if character in "€{}[]~^|\\" else 1 for character in text)
    if septets <= 160:
        assert segments(text) == 1
    else:
        assert math.ceil(septets / 153) <= segments(text) <= math.ceil(septets / 152)


@given(st.text(max_size=500))
def test_more_text_never_costs_less(text: str) -> None:
    """Neither a character more nor another alphabet makes it cheaper."""
    assert segments(text) <= segments(text + "a") <= segments(text + "a☕")
