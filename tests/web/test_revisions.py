"""The revision of a form: read when it is a number, nobody's otherwise."""

import pytest

from gateway.web.parsing.revisions import UNREADABLE, revision_of


@pytest.mark.parametrize(
    ("typed", "revision"),
    [("0", 0), ("17", 17), ("999999999", 999_999_999)]
    + [(text, UNREADABLE) for text in ("", "-1", "1.0", " 1", "x", "٣", "1" * 10)],
)
def test_a_revision_is_a_short_number(typed: str, revision: int) -> None:
    """What cannot be read was never there, so that nothing is overwritten by it."""
    assert revision_of({"revision": typed}) == revision


def test_a_form_without_a_revision_is_about_none() -> None:
    """Somebody made it by hand."""
    assert revision_of({}) == UNREADABLE
