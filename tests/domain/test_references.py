"""References: two that look alike are one, so what nobody sees is not a part of any."""

import pytest

from gateway.domain.errors import Kind
from gateway.domain.references import ReferenceInvalid, check_guid, check_reference


@pytest.mark.parametrize("reference", ["r", "till-4/2026-11-21/000917", "Bon n° 7", "訂單 12"])
def test_a_reference_is_what_people_can_read(reference: str) -> None:
    """Of any language, with white space between its words."""
    check_reference(reference, "/reference")


@pytest.mark.parametrize(
    "reference",
    [
        *(" r", "r ", "r\n", "\tr", "\u00a0r", "r\u2003", "a\u200bb", "a\x00b", "a\x7fb", " "),
        *("r\u3164", "\u2800r", "r\ufe0f", "a\u034fb", "\U000e0100", "\u115fr", "r\uffa0"),
    ],
)
def test_what_nobody_sees_is_refused_and_pointed_to(reference: str) -> None:
    """White space around it, control characters, spaces of no width, letters without ink."""
    with pytest.raises(ReferenceInvalid) as refused:
        check_reference(reference, "/reference")
    assert refused.value.kind is Kind.REFUSED
    assert refused.value.detail == {
        "errors": [
            {
                "pointer": "/reference",
                "detail": "Please leave out white space around it, and hidden characters.",
            }
        ]
    }


def test_a_letter_has_one_spelling() -> None:
    """Of those that look alike the composed one, which keyboards write."""
    check_reference("Reçu 7", "/reference")
    with pytest.raises(ReferenceInvalid):
        check_reference("Rec\u0327u 7", "/reference")


def test_a_guid_is_visible_ascii() -> None:
    """From the first sign to the last."""
    check_guid("!4b8e6f8e-8f3c~", "/transaction_guid")


@pytest.mark.parametrize("guid", ["", " 12345678", "12345678\n", "1234 5678", "1234567é"])
def test_any_other_guid_is_refused_and_pointed_to(guid: str) -> None:
    """Python's `$` would let a line feed at the end pass."""
    with pytest.raises(ReferenceInvalid) as refused:
        check_guid(guid, "/transaction_guid")
    assert refused.value.detail == {
        "errors": [
            {
                "pointer": "/transaction_guid",
                "detail": "Please use visible ASCII characters alone, and no white space.",
            }
        ]
    }
