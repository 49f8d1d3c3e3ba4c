"""What a phone reads out of fields: readable values, and the message an update leads to."""

import pytest

from sandbox.phone.fields import Content, fields_of, readable, style_of, update_between


def make_content(**values: object) -> Content:
    fields = [
        {"key": key, "label": key, "value": value, "changeMessage": f"{key} is now %@"}
        for key, value in values.items()
    ]
    return {"storeCard": {"primaryFields": fields}}


def message_between(old: Content, new: Content) -> str | None:
    before, after = (fields_of(content, "storeCard") for content in (old, new))
    return update_between(before, after, "storeCard").message


def test_one_changed_field_is_said_with_its_value() -> None:
    """`%@` becomes the new value."""
    assert message_between(make_content(stamps=6), make_content(stamps=7)) == "stamps is now 7"


def test_several_changed_fields_are_one_general_message() -> None:
    """A phone does not read out two changes."""
    old, new = make_content(stamps=6, points=1), make_content(stamps=7, points=2)
    assert message_between(old, new) == "Store card changed"


def test_an_unchanged_value_is_silent() -> None:
    """A label alone is no news."""
    new = make_content(stamps=6)
    section = new["storeCard"]
    assert isinstance(section, dict)
    section["primaryFields"][0]["label"] = "other"
    assert message_between(make_content(stamps=6), new) is None


def test_a_message_without_a_place_for_the_value_is_not_used() -> None:
    """Without `%@` the phone only says that the card changed."""
    new = make_content(stamps=7)
    section = new["storeCard"]
    assert isinstance(section, dict)
    section["primaryFields"][0]["changeMessage"] = "Hooray"
    assert message_between(make_content(stamps=6), new) == "Store card changed"


def test_a_new_field_is_silent() -> None:
    """Only a value that was there before can change."""
    assert message_between(make_content(stamps=6), make_content(stamps=6, points=1)) is None


def test_words_are_translated() -> None:
    """Labels, values and messages are looked up in pass.strings."""
    content = {"storeCard": {"backFields": [{"key": "a", "label": "label_a", "value": "value_a"}]}}
    words = {"label_a": "Reward", "value_a": "Free coffee"}
    field = fields_of(content, "storeCard", words)[0]
    assert (field.label, field.text) == ("Reward", "Free coffee")


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        ({}, "6 of 10", "6 of 10"),
        ({}, 12500, "12,500"),
        ({}, 2.50, "2.5"),
        ({"currencyCode": "EUR"}, 12.5, "€12.50"),
        ({"numberStyle": "PKNumberStylePercent"}, 0.25, "25%"),
        ({"dateStyle": "PKDateStyleMedium"}, "2026-11-21T08:05+01:00", "21 November 2026"),
        (
            {"dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleShort"},
            "2026-11-21T08:05+01:00",
            "21/11/2026 at 08:05",
        ),
        ({"dateStyle": "PKDateStyleShort"}, "soon", "soon"),
    ],
)
def test_a_value_is_readable(raw: Content, value: str | float, text: str) -> None:
    """Numbers are grouped, money has its sign, dates are spelt out."""
    assert readable(raw, value) == text


@pytest.mark.parametrize(("knows", "style"), [(True, "posterGeneric"), (False, "storeCard")])
def test_the_poster_is_drawn_only_where_it_is_known(knows: bool, style: str) -> None:  # noqa: FBT001
    """Wallet prefers the poster of iOS 27 and falls back to the store card."""
    content: Content = {"posterGeneric": {}, "storeCard": {}}
    assert style_of(content, knows_poster_generic=knows) == style
