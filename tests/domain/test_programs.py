"""Programs: what a version may be called and look like."""

import pytest

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.programs import (
    DESCRIPTION_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    Look,
    check_version,
    version_faults,
)


def test_what_can_be_read_can_be_shown() -> None:
    """The limits themselves are allowed, and a description has lines."""
    check_version("x" * NAME_CHARACTERS_MAX, Look(), "One\ntwo")
    check_version("Café", Look(), "x" * DESCRIPTION_CHARACTERS_MAX)
    check_version("Card", Look())


@pytest.mark.parametrize(
    ("pointer", "name", "look", "description"),
    [
        ("/name", "  ", Look(), ""),
        ("/name", "x" * (NAME_CHARACTERS_MAX + 1), Look(), ""),
        ("/name", "a\nb", Look(), ""),
        ("/name", "a\u202eb", Look(), ""),
        ("/description", "Card", Look(), " "),
        ("/description", "Card", Look(), "x" * (DESCRIPTION_CHARACTERS_MAX + 1)),
        ("/description", "Card", Look(), "\u202e"),
        ("/look/background", "Card", Look(background="red"), ""),
        ("/look/foreground", "Card", Look(foreground="#FFFFFF"), ""),
        ("/look/label", "Card", Look(label="#12345g"), ""),
    ],
)
def test_a_version_that_cannot_be_shown_names_the_field(
    pointer: str, name: str, look: Look, description: str
) -> None:
    """The refusal points at what is wrong, and only at that."""
    with pytest.raises(ConfigurationInvalid) as refused:
        check_version(name, look, description)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_all_faults_are_said_at_once() -> None:
    """Nobody mends a form one field at a time."""
    faults = version_faults("", Look(background="", label=""), " ")
    assert [fault.pointer for fault in faults] == [
        "/name",
        "/description",
        "/look/background",
        "/look/label",
    ]
