"""Which of several are there a second time."""

from gateway.domain.rules.repeats import repeated


def test_each_repetition_is_named_by_its_place() -> None:
    """The first of its kind is none."""
    assert list(repeated("abcabb")) == [3, 4, 5]
    assert not list(repeated("abc"))
