"""The names of classes and objects."""

import pytest

from passes.google.ids import ClassId, ObjectId, ResourceId, is_issuer_id


@pytest.mark.parametrize("text", ["1.a", "33880000000123456789.A-z_0.9", "1." + "x" * 64])
def test_a_name_is_read_as_it_is_written(text: str) -> None:
    """An issuer's number, a dot, and up to 64 letters, digits, dots, dashes and underscores."""
    assert str(ObjectId.parse(text)) == text
    assert ObjectId.parse(text).issuer_id == text.partition(".")[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.",
        ".a",
        "a.b",
        "338800000001234567890.a",
        "1.a b",
        "1.ü",
        "1.a/b",
        "1.a\n",
        "\N{ARABIC-INDIC DIGIT ONE}.a",
        "1." + "x" * 65,
        "-1.a",
    ],
)
def test_what_google_would_refuse_is_no_name(text: str) -> None:
    """Nothing that would not survive an address, and no number that is not an issuer's."""
    with pytest.raises(ValueError, match="an id is") as caught:
        ClassId.parse(text)
    assert len(text) < 3 or text not in str(caught.value)


def test_a_class_is_no_object() -> None:
    """The same letters name two things, and no mistake between them goes unseen."""
    names: set[ResourceId] = {ClassId("1", "a"), ClassId.parse("1.a"), ObjectId("1", "a")}
    assert len(names) == 2


def test_an_issuer_is_a_number() -> None:
    """One to twenty plain digits."""
    assert is_issuer_id("3388000000012345678")
    assert not is_issuer_id("")
    assert not is_issuer_id("12a")
