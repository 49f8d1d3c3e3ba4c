"""Reading a configuration: exact types, and every fault of a document at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, make_dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

import pytest
from hypothesis import given, settings

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.configurations.limits import Between, Items, Note
from gateway.domain.configurations.reading import FAULTS_MAX, read
from gateway.domain.configurations.writing import written
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from tests.configurations import bent, instances

FRUITS = "Please choose one of: apple, pear."
SIZES = "This must be one of: a whole number, a text, a list."

Small = Annotated[int, Between(0, 9, "From 0 to 9.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apple:
    """Grows on trees."""

    kind: ClassVar[str] = "apple"

    pips: Small


@dataclass(frozen=True, slots=True, kw_only=True)
class Pear:
    """Grows on other trees."""

    kind: ClassVar[str] = "pear"

    ripe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Holds one of each shape."""

    label: str
    fruit: Apple | Pear | None = None
    more: Annotated[tuple[Apple | Pear, ...], Items(0, 3)] = ()
    prices: Annotated[dict[Annotated[str, Note("Its size.")], Small], Items(0, 2)] = field(
        default_factory=dict
    )
    size: Small | str | tuple[Small, ...] = 1
    weights: tuple[Small, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sack:
    """Holds many, and has a label at its end."""

    weights: tuple[Small, ...]
    label: str


def faults(document: object, kind: type = Box) -> Mapping[str, str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        read(kind, document)
    return {fault.pointer: fault.sentence for fault in caught.value.faults}


def test_a_document_becomes_an_instance_with_its_defaults() -> None:
    """What is not given is the default; unions go by their type."""
    document = {
        "label": "A",
        "fruit": {"type": "apple", "pips": 3},
        "more": [{"type": "pear"}, {"type": "apple", "pips": 0}],
        "prices": {"small": 1},
        "size": [1, 2],
        "weights": [4],
    }

    assert read(Box, document) == Box(
        label="A",
        fruit=Apple(pips=3),
        more=(Pear(), Apple(pips=0)),
        prices={"small": 1},
        size=(1, 2),
        weights=(4,),
    )
    assert read(Box, {"label": "B", "fruit": None}) == Box(label="B")


def test_every_fault_of_a_document_is_found_at_once() -> None:
    """Faults at all depths come together, each with its pointer."""
    document = {
        "fruit": {"type": "apple", "pips": 10, "colour": "red"},
        "more": [{"type": "pear", "ripe": 1}, {"type": "plum"}, {"pips": 1}],
        "prices": {"a/b~c": -1},
        "size": True,
        "weights": [1, None],
        "lable": "A",
    }

    assert faults(document) == {
        "/label": "label is missing.",
        "/fruit/pips": "From 0 to 9.",
        "/fruit/colour": "There is no field of this name here.",
        "/more/0/ripe": "This must be true or false.",
        "/more/1/type": "Please choose one of: apple, pear.",
        "/more/2/type": "Please choose one of: apple, pear.",
        "/prices/a~1b~0c": "From 0 to 9.",
        "/size": "This must be one of: a whole number, a text, a list.",
        "/weights/1": "This must be a whole number.",
        "/lable": "There is no field of this name here. Did you mean label?",
    }


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ([], {"": "This must be an object."}),
        (None, {"": "This must be an object."}),
        ({"label": "A", "fruit": 1}, {"/fruit": "This must be an object."}),
        ({"label": "A", "fruit": {"type": []}}, {"/fruit/type": FRUITS}),
        ({"label": "A", "more": {}}, {"/more": "This must be a list."}),
        ({"label": "A", "prices": []}, {"/prices": "This must be an object."}),
        ({"label": "A", "prices": "x"}, {"/prices": "This must be an object."}),
        ({"label": "A", "size": 10}, {"/size": "From 0 to 9."}),
        ({"label": "A", "size": [10]}, {"/size/0": "From 0 to 9."}),
        ({"label": "A", "size": None}, {"/size": SIZES}),
        ({"label": "A", "more": [1, 2, 3, 4]}, {"/more": "Please give at most 3."}),
        ({"label": "A", "prices": dict.fromkeys("abc")}, {"/prices": "Please give at most 2."}),
    ],
)
def test_what_is_of_another_type_is_refused(document: object, found: Mapping[str, str]) -> None:
    """Each shape has a sentence; what is too long is not looked into."""
    assert faults(document) == found


def test_the_type_belongs_to_a_class_wherever_it_stands() -> None:
    """A class of a union that is read alone must say its type too, and no other."""
    assert read(Apple, {"type": "apple", "pips": 1}) == Apple(pips=1)
    assert faults({"pips": 1}, Apple) == {"/type": "Please choose one of: apple."}
    assert faults({"type": "pear", "pips": 1}, Apple) == {"/type": "Please choose one of: apple."}
    assert faults({"type": "apple", "pips": 1, "typ": 1}, Apple) == {
        "/typ": "There is no field of this name here. Did you mean type?"
    }


def test_a_near_name_is_only_looked_for_when_a_name_is_short() -> None:
    """Finding similar names takes time, which nobody can make us waste."""
    field_name = "n" * 40
    long_name = make_dataclass("LongName", [(field_name, int, 1), ("n", int, 1)], frozen=True)
    sentence = "There is no field of this name here."
    near, far = "n" * 39 + "m", "n" * 40 + "m"

    assert faults({near: 1, far: 1}, long_name) == {
        f"/{near}": f"{sentence} Did you mean {field_name}?",
        f"/{far}": sentence,
    }


def test_no_more_than_a_hundred_faults_are_listed() -> None:
    """A document full of nonsense costs no more than one with a hundred faults."""
    many = [None] * FAULTS_MAX

    assert FAULTS_MAX == 100
    assert len(faults({"label": "A", "weights": many[2:], "x": 1, "y": 1})) == FAULTS_MAX
    assert len(faults({"label": "A", "weights": many[1:], "x": 1, "y": 1})) == FAULTS_MAX
    assert len(faults({"label": 1, "weights": many, "more": 1})) == FAULTS_MAX
    assert len(faults({"weights": many}, Sack)) == FAULTS_MAX
    assert len(faults({"weights": many[1:]}, Sack)) == FAULTS_MAX
    assert len(faults({f"x{number}": 1 for number in range(FAULTS_MAX)})) == FAULTS_MAX


def test_the_faults_are_what_the_answer_lists() -> None:
    """The refusal carries pointers and details, and the same faults for our own use."""
    with pytest.raises(ConfigurationInvalid) as caught:
        read(Box, {})

    assert caught.value.detail == {
        "errors": [{"pointer": "/label", "detail": "label is missing."}]
    }


def test_the_sentences_of_the_product_are_kept() -> None:
    """What people were promised to read, word for word."""
    rules = [
        {"type": "points_based", "points_per_dollar": "0", "minimum_purchase_amount": 0},
        {"type": "punch_card", "punches_required": 1, "minimum_purchase_amount": 0},
        {"type": "punch_card", "punches_required": 51},
        {"type": "points_based", "points_per_dollar": "-1"},
    ]
    found = faults({"rules": rules}, Plan)

    assert found["/rules/0/points_per_dollar"] == "Points per dollar must be a positive number"
    assert (
        found["/rules/0/minimum_purchase_amount"]
        == found["/rules/1/minimum_purchase_amount"]
        == "Minimum purchase amount must be greater than $0"
    )
    assert found["/rules/1/punches_required"] == "Punches required must be between 2 and 50"
    assert found["/rules/2/punches_required"] == "Punches required must be between 2 and 50"
    assert found["/rules/3/points_per_dollar"] == "Points per dollar must be a positive number"


@settings(max_examples=40)  # a plan takes long to draw
@given(instances(Plan))
def test_what_is_written_is_read_again(plan: Plan) -> None:
    """Storage keeps plans as JSON and gets back what it was given."""
    assert read(Plan, written(plan)) == plan


@settings(max_examples=40)  # a plan takes long to draw
@given(bent(instances(Plan).map(written)))
def test_a_document_is_read_wholly_or_refused_with_pointers_into_it(
    document: dict[str, object],
) -> None:
    """Nothing but the refusal ever comes out, and each pointer leads somewhere."""
    try:
        plan = read(Plan, document)
    except ConfigurationInvalid as refusal:
        pointers = [fault.pointer for fault in refusal.faults]
    else:
        assert read(Plan, written(plan)) == plan
        return
    assert pointers
    assert all(_leads_somewhere(document, pointer) for pointer in pointers)


def test_a_plan_of_one_rule_needs_no_more_than_that_rule() -> None:
    """Everything else of a plan has a default."""
    plan = read(Plan, {"rules": [{"type": "points_based", "points_per_dollar": 10}]})

    assert plan == Plan(rules=(PointsRule(points_per_dollar=Decimal(10)),))


def _leads_somewhere(document: object, pointer: str) -> bool:
    """Say whether all but the last step of a pointer exists: what is missing is pointed at too."""
    for name in pointer.split("/")[1:-1]:
        step = name.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and int(step) < len(document):
            document = document[int(step)]
        else:
            return False
    return True
