"""Single values of a configuration: how each type is written, and what it refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from gateway.domain.configurations.scalars import Unfit, parsed, plain


class Colour(StrEnum):
    """Two of them."""

    RED = "red"
    BLUE = "blue"


SENTENCES = {
    int: "This must be a whole number.",
    bool: "This must be true or false.",
    str: "This must be a text.",
    Decimal: 'This must be a number, written like "1.5" or 2.',
    UUID: "This must be a UUID, like 0192f0c1-2345-7abc-8def-0123456789ab.",
    date: "This must be a day, written like 2026-01-31.",
    datetime: "This must be a moment, written like 2026-01-31T08:00:00Z.",
    Colour: "Please choose one of: red, blue.",
}
UUID_TEXT = "0192f0c1-2345-7abc-8def-0123456789ab"
NIGHT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (int, -3, -3),
        (bool, False, False),
        (str, "", ""),
        (Decimal, 10**15, Decimal(10**15)),
        (Decimal, "1.50", Decimal("1.50")),
        (Decimal, "-12.000000000000001", Decimal("-12.000000000000001")),
        (Decimal, "999999999999999", Decimal(999_999_999_999_999)),
        (UUID, UUID_TEXT, UUID(UUID_TEXT)),
        (UUID, UUID_TEXT.upper(), UUID(UUID_TEXT)),
        (date, "2024-02-29", date(2024, 2, 29)),
        (datetime, "2026-01-31T23:30:00Z", NIGHT),
        (datetime, "2026-02-01T00:30:00+01:00", NIGHT),
        (datetime, "2026-01-31T23:30:00.000000-00:00", NIGHT),
        (datetime, "2000-01-01T00:00:00Z", datetime(2000, 1, 1, tzinfo=UTC)),
        (Colour, "blue", Colour.BLUE),
    ],
)
def test_a_value_is_read_as_its_type(kind: type, value: object, expected: object) -> None:
    """One way to write each, as RFC 3339 and RFC 9562 have it."""
    found = parsed(kind, value)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((kind, None) for kind in SENTENCES),
        *((kind, []) for kind in SENTENCES),
        *((kind, 1.0) for kind in SENTENCES),
        *((kind, True) for kind in SENTENCES if kind is not bool),
        *((kind, 7) for kind in SENTENCES if kind not in {int, Decimal}),
        *((kind, "x") for kind in SENTENCES if kind is not str),
        *((Decimal, text) for text in ("", "1.", ".5", "01", "+1", "1e3", "NaN", "\u0661", "1\n")),
        *((Decimal, text) for text in ("1" * 16, "0." + "1" * 16, "--1", " 1")),
        *((UUID, text) for text in (UUID_TEXT.replace("-", ""), f"{{{UUID_TEXT}}}")),
        *((date, text) for text in ("2026-02-29", "20260131", "2026-W05-6", "1999-12-31")),
        (datetime, "2026-01-31T08:00:00"),
        (datetime, "2026-01-31 08:00:00Z"),
        (datetime, "2026-01-31T08:00Z"),
        (datetime, "2026-01-31T24:00:00Z"),
        (datetime, "2026-02-30T08:00:00Z"),
        (datetime, "2026-01-31T08:00:00.1234567Z"),
        (datetime, "2000-01-01T00:30:00+01:00"),
        (datetime, "2999-12-31T23:30:00-01:00"),
        (Colour, "RED"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(kind: type, value: object) -> None:
    """No fraction is a number of ours, no truth is one, and no text is guessed at."""
    with pytest.raises(Unfit) as caught:
        parsed(kind, value)

    assert str(caught.value) == SENTENCES[kind]


@pytest.mark.parametrize("text", ["-0", "-0.00"])
def test_zero_has_no_sign(text: str) -> None:
    """A negative zero would be written differently from the zero it equals."""
    assert plain(parsed(Decimal, text)) == "0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("0.0100"), "0.01"),
        (NIGHT, "2026-01-31T23:30:00Z"),
        (date(2026, 1, 31), "2026-01-31"),
        (UUID(UUID_TEXT), UUID_TEXT),
        (Colour.RED, "red"),
        (5, 5),
        (True, True),
        ("x", "x"),
        (None, None),
    ],
)
def test_a_value_is_written_as_plain_json(value: object, expected: object) -> None:
    """As `json` takes it, without a class of ours."""
    found = plain(value)

    assert found == expected
    assert type(found) is type(expected)
