"""The stand-in refuses texts in languages as Google's contract describes them."""

import pytest

from sandbox.google.languages import text_faults

FRENCH = {"language": "fr-LU", "value": "Tampons"}


def label(**parts: object) -> dict[str, object]:
    """Return an object with a label in several languages, deep inside it."""
    return {"loyaltyPoints": {"label": "Stamps", "localizedLabel": parts}, "modules": [parts]}


@pytest.mark.parametrize(
    "parts",
    [
        {"defaultValue": FRENCH},
        {"defaultValue": FRENCH, "translatedValues": [{"language": "lb", "value": "Stempelen"}]},
    ],
)
def test_a_text_with_its_language_is_taken(parts: dict[str, object]) -> None:
    """With translations or without."""
    assert list(text_faults(label(**parts))) == []


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"translatedValues": [FRENCH]}, "must have a defaultValue"),
        ({"defaultValue": {"value": "Tampons"}}, "no BCP 47 language"),
        ({"defaultValue": {"language": "french", "value": "Tampons"}}, "'french' is no BCP 47"),
        ({"defaultValue": {"language": "fr", "value": ""}}, "is empty"),
        ({"defaultValue": FRENCH, "translatedValues": [{"language": "de"}]}, "is empty"),
        ({"defaultValue": FRENCH, "translatedValues": [FRENCH, FRENCH]}, "translated twice"),
    ],
)
def test_anything_else_is_refused(parts: dict[str, object], fault: str) -> None:
    """Wherever in the object it stands."""
    assert fault in next(text_faults(label(**parts)))
