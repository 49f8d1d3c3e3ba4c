"""The shape of a dataclass, taken from its type hints."""

from dataclasses import dataclass, field, make_dataclass
from typing import Annotated, Any, ClassVar

import pytest

from gateway.domain.configurations.limits import Between, Items, Note
from gateway.domain.configurations.shapes import (
    REQUIRED,
    Choice,
    Either,
    Limited,
    Listing,
    Maybe,
    Member,
    Record,
    Scalar,
    Shape,
    Table,
    record_of,
    tag_of,
)

SIZE = Note("Its size.")
SMALL = Between(0, 9, "From 0 to 9.")
FEW = Items(0, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apple:
    """Grows on trees."""

    kind: ClassVar[str] = "apple"

    pips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pear:
    """Grows on other trees."""

    kind: ClassVar[str] = "pear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stone:
    """Grows nowhere; its kind is its own business."""

    kind: int = 7


APPLE = Record(Apple, "apple", (Member("pips", Scalar(int), REQUIRED),))
PEAR = Record(Pear, "pear", ())


def shape_of(hint: Any) -> Shape:  # noqa: ANN401 -- a type hint is anything
    """Return the shape of a hint, as a new record's only member has it."""
    holder = make_dataclass("Holder", [("held", hint)], frozen=True)
    (member,) = record_of(holder).members
    return member.shape


@pytest.mark.parametrize(
    ("hint", "shape"),
    [
        (int, Scalar(int)),
        (str | None, Maybe(Scalar(str))),
        (tuple[int, ...], Listing(Scalar(int))),
        (dict[str, int], Table(Scalar(str), Scalar(int))),
        (Annotated[int, SMALL, SIZE], Limited(Scalar(int), (SMALL, SIZE))),
        (
            Annotated[dict[Annotated[str, SIZE], bool], FEW],
            Limited(Table(Limited(Scalar(str), (SIZE,)), Scalar(bool)), (FEW,)),
        ),
        (int | str, Either((Scalar(int), Scalar(str)))),
        (int | Apple | None, Maybe(Either((Scalar(int), APPLE)))),
        (Apple, APPLE),
        (Apple | None, Maybe(APPLE)),
        (Apple | Pear, Choice((APPLE, PEAR))),
        (tuple[Apple | Pear | None, ...], Listing(Maybe(Choice((APPLE, PEAR))))),
    ],
)
def test_every_hint_has_its_shape(hint: object, shape: Shape) -> None:
    """One inside the other, with the limits of each."""
    assert shape_of(hint) == shape


def test_a_record_has_its_fields_in_order_with_their_defaults() -> None:
    """Made anew where they are made; a field without one must be given."""
    kind = make_dataclass(
        "Box",
        [
            ("label", str),
            ("size", int, field(default=1)),
            ("prices", dict[str, int], field(default_factory=dict)),
        ],
        frozen=True,
    )
    assert record_of(kind) == Record(
        kind,
        None,
        (
            Member("label", Scalar(str), REQUIRED),
            Member("size", Scalar(int), 1),
            Member("prices", Table(Scalar(str), Scalar(int)), {}),
        ),
    )


@pytest.mark.parametrize(("kind", "tag"), [(Apple, "apple"), (Stone, None), (object, None)])
def test_only_a_text_is_a_tag(kind: type, tag: str | None) -> None:
    """A field of the same name is none."""
    assert tag_of(kind) == tag


def test_what_json_cannot_hold_is_our_own_mistake() -> None:
    """Nobody publishes a plan with a field of no shape."""
    with pytest.raises(AssertionError, match=r"has no shape in JSON"):
        shape_of(lambda: None)
