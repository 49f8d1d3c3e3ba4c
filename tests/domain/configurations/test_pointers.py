"""JSON Pointers, by the examples of RFC 6901 section 5."""

import pytest

from gateway.domain.configurations.pointers import pointed


@pytest.mark.parametrize(
    ("names", "pointer"),
    [
        ((), ""),
        (("foo", 0), "/foo/0"),
        (("",), "/"),
        (("a/b",), "/a~1b"),
        (("m~n",), "/m~0n"),
        (("~1",), "/~01"),
    ],
)
def test_names_are_escaped(names: tuple[str | int, ...], pointer: str) -> None:
    """So that no name is taken for two."""
    assert pointed("", *names) == pointer
    assert pointed("/x", *names) == f"/x{pointer}"
