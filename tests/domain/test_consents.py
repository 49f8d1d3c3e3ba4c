"""Consent: silence is a no for mail and SMS, and a yes for the card in one's own wallet."""

from itertools import product

import pytest

from gateway.domain.consents import Medium, Purpose, agrees


@pytest.mark.parametrize(("medium", "purpose"), list(product(Medium, Purpose)))
def test_silence_and_words(medium: Medium, purpose: Purpose) -> None:
    """What was said holds for its medium and purpose alone."""
    assert agrees({}, medium, purpose) is (medium is Medium.WALLET)
    for said in (True, False):
        answer: dict[tuple[str, str], bool] = {(medium, purpose): said}
        assert agrees(answer, medium, purpose) is said
    others: dict[tuple[str, str], bool] = {
        (one, two): medium is not Medium.WALLET
        for one, two in product(Medium, Purpose)
        if (one, two) != (medium, purpose)
    }
    assert agrees(others, medium, purpose) is (medium is Medium.WALLET)
