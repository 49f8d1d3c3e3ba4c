"""Cursors: they come back as they were given out, and no other text is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.parsing import cursors
from gateway.web.refusals import CursorInvalid

TEXT = st.characters(exclude_categories=["Cs"])
KEY = b"k" * 32


@given(st.text(TEXT, max_size=40))
def test_a_cursor_says_where_the_list_went_on(position: str) -> None:
    """Whatever the list calls its place, and for this list alone."""
    cursor = cursors.encode(position, key=KEY, purpose="cards")

    assert cursors.decode(cursor, key=KEY, purpose="cards") == position
    with pytest.raises(CursorInvalid):
        cursors.decode(cursor, key=KEY, purpose="programs")
    with pytest.raises(CursorInvalid):
        cursors.decode(cursor, key=b"o" * 32, purpose="cards")


@given(st.text(TEXT, max_size=8), st.integers(min_value=0), st.sampled_from("AB_-=! \n"))
def test_one_changed_sign_breaks_a_cursor(position: str, place: int, sign: str) -> None:
    """Also where base64 would read the same bytes from another spelling."""
    cursor = cursors.encode(position, key=KEY, purpose="cards")
    place %= len(cursor) + 1
    changed = cursor[:place] + sign + cursor[place + 1 :]
    if changed != cursor:
        with pytest.raises(CursorInvalid):
            cursors.decode(changed, key=KEY, purpose="cards")


@pytest.mark.parametrize(
    "text", ["", "a", "é", "a" * 5_000], ids=["empty", "short", "accent", "long"]
)
def test_what_we_never_made_is_refused(text: str) -> None:
    """Short, foreign or absurd: the same refusal."""
    with pytest.raises(CursorInvalid):
        cursors.decode(text, key=KEY, purpose="cards")
