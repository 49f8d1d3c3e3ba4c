"""API keys, session cookies and cursors: taken apart, compared, and never believed early."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.web.identity import credentials
from gateway.web.parsing import cursors
from gateway.web.refusals import CursorInvalid
from tests.web.doors import MERCHANT, PERSON

KEY = b"k" * 32


def test_a_key_and_a_session_come_back_as_they_were_made() -> None:
    """The merchant and the id are in them, the secret matches its digest only."""
    made = credentials.make(MERCHANT, PERSON)
    other = credentials.make(MERCHANT, PERSON)

    assert credentials.parse_api_key(made.api_key) == made
    assert credentials.parse_session(made.session) == made
    assert made.matches(made.digest)
    assert not made.matches(other.digest)
    assert made.secret not in repr(made)


@pytest.mark.parametrize(
    "text", ["", "pgk_", "pgk_1_2_3", "PGK" + "0" * 110, "pgk_" + "0" * 200, "é" * 111]
)
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    """Without asking the database."""
    assert credentials.parse_api_key(text) is None
    assert credentials.parse_session(text) is None


@given(some.text(max_size=200))
def test_a8_no_text_breaks_the_reader(text: str) -> None:
    """A credential is parsed or it is not."""
    assert credentials.parse_api_key(text) is None
    assert credentials.parse_session(text) is None


@given(some.text(some.characters(exclude_categories=["Cs"]), max_size=100))
def test_a_cursor_comes_back(position: str) -> None:
    """Opaque to the caller, readable to us."""
    cursor = cursors.encode(position, key=KEY, purpose="members")

    assert cursors.decode(cursor, key=KEY, purpose="members") == position


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "=" * 9, "\udcff"])
def test_i7_a_forged_cursor_is_refused(cursor: str) -> None:
    """Made up, cut short, or not even base64."""
    with pytest.raises(CursorInvalid):
        cursors.decode(cursor, key=KEY, purpose="members")


def test_i7_a_cursor_of_another_list_or_key_is_refused() -> None:
    """A cursor works where it was made."""
    cursor = cursors.encode(str(UUID(int=7)), key=KEY, purpose="members")

    for key, purpose in ((KEY, "cards"), (b"x" * 32, "members")):
        with pytest.raises(CursorInvalid):
            cursors.decode(cursor, key=key, purpose=purpose)
