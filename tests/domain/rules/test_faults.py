"""What cannot be promised together: keys, units, currency, and the plan as a whole."""

import pytest
from hypothesis import given, settings

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.configurations.reading import FAULTS_MAX
from gateway.domain.rules.faults import plan_faults, read_plan
from gateway.domain.rules.plan import Plan
from tests.configurations import instances
from tests.domain.rules.documents import (
    COFFEE,
    POINTS,
    PUNCHES,
    SPENDING,
    STAMPS,
    TIERS,
    VISITS,
    Document,
    faults_of,
)

KEY_TAKEN = "Another part of the plan has this key."
LOCATION = "0192f0c1-2345-7abc-8def-0123456789ab"


def happy(key: str) -> Document:
    return {
        "key": key,
        "name": "Happy days",
        "rule": "points",
        "effect": {"type": "bonus", "amount": 5},
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2026-02-01T00:00:00Z",
    }


@pytest.mark.parametrize("rule", [POINTS, STAMPS, PUNCHES, SPENDING, VISITS, TIERS])
def test_each_type_of_rule_can_be_promised_alone(rule: Document) -> None:
    """A program needs no second rule."""
    assert not faults_of(rule)


def test_all_types_can_be_promised_together() -> None:
    """On one card, when each collects its own."""
    punches = PUNCHES | {"unit": "punch"}

    assert not faults_of(POINTS, STAMPS, punches, SPENDING, VISITS, TIERS)


def test_a_key_is_there_once() -> None:
    """Rules, rewards on the way and promotions share the names; the second one is at fault."""
    milestones = [{"key": "points", "at": 5, "reward": COFFEE}]
    stamps = STAMPS | {"intermediate_rewards": milestones}
    more = SPENDING | {"key": "stamps"}
    promotions = [happy("points"), happy("happy")]

    assert faults_of(POINTS, stamps, more, promotions=promotions) == {
        "/rules/1/intermediate_rewards/0/key": KEY_TAKEN,
        "/rules/2/key": KEY_TAKEN,
        "/promotions/0/key": KEY_TAKEN,
    }


def test_a_plan_has_one_points_rule_and_one_set_of_tiers() -> None:
    """Two would give points twice, and make a card of two tiers."""
    again = {"key": "again"}

    assert faults_of(POINTS, TIERS, POINTS | again, TIERS | {"key": "more"}) == {
        "/rules/2": "A plan has one points rule only.",
        "/rules/3": "A plan has one set of tiers only.",
    }


def test_every_stamp_card_collects_its_own() -> None:
    """Two rules of one unit would fill each other's card."""
    others = {"key": "other"}, {"key": "paws", "unit": "paw"}, {"unit": "paw"}

    assert faults_of(STAMPS, PUNCHES | others[0], STAMPS | others[1], PUNCHES | others[2]) == {
        "/rules/1/unit": "Another rule collects stamp too.",
        "/rules/3/unit": "Another rule collects paw too.",
    }


@pytest.mark.parametrize("rule", [STAMPS, PUNCHES])
def test_only_a_points_rule_gives_points(rule: Document) -> None:
    """A stamp is no point, with a points rule beside it or without."""
    found = {"/rules/0/unit": "Only a points rule gives points."}

    assert faults_of(rule | {"unit": "point"}) == found
    assert faults_of(rule | {"unit": "point"}, POINTS) == found


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
def test_money_of_any_country_can_be_counted(currency: str) -> None:
    """Whatever people pay with."""
    assert not faults_of(POINTS, currency=currency)


@pytest.mark.parametrize("currency", ["XAU", "EUX"])
def test_what_is_no_money_cannot_be_counted(currency: str) -> None:
    """Neither gold, nor a code that nobody gave out."""
    assert faults_of(POINTS, currency=currency) == {
        "/currency": "This is no currency of ISO 4217."
    }


def test_nothing_is_listed_twice() -> None:
    """Categories and locations."""
    other = LOCATION.replace("ab", "ac")

    assert faults_of(
        POINTS,
        excluded_categories=["tips", "wine", "tips"],
        locations=[LOCATION, other, LOCATION.upper()],
    ) == {
        "/excluded_categories/2": "This category is there twice.",
        "/locations/2": "This location is there twice.",
    }


def test_no_more_than_a_hundred_faults_are_listed() -> None:
    """A plan of the same location over and over is no reason for a long answer."""
    assert len(faults_of(POINTS, locations=[LOCATION] * 101)) == FAULTS_MAX
    assert len(faults_of(POINTS, locations=[LOCATION] * 102)) == FAULTS_MAX


def test_the_audience_and_the_schedule_of_the_plan_are_looked_at() -> None:
    """As those of promotions are."""
    condition = {"field": "tier", "comparison": "eq", "value": "bronze"}
    found = faults_of(
        TIERS,
        audience={"conditions": [condition]},
        schedule={"hours": [{"start": 9, "end": 9}]},
    )

    assert list(found) == ["/schedule/hours/0/end", "/audience/conditions/0/value"]


def test_a_plan_is_read_when_everything_fits() -> None:
    """The plan comes out as it was written."""
    assert read_plan({"rules": [POINTS]}).currency == "EUR"


def test_a_plan_that_does_not_fit_together_is_refused_with_all_faults() -> None:
    """Each with its pointer; those of single fields come first, alone."""
    document = {"rules": [POINTS, POINTS], "currency": "XTS"}

    with pytest.raises(ConfigurationInvalid) as caught:
        read_plan(document)
    assert [fault.pointer for fault in caught.value.faults] == [
        "/currency",
        "/rules/1/key",
        "/rules/1",
    ]

    with pytest.raises(ConfigurationInvalid) as caught:
        read_plan(document | {"pending_days": -1})
    assert [fault.pointer for fault in caught.value.faults] == ["/pending_days"]


@settings(max_examples=40)  # a plan takes long to draw
@given(instances(Plan))
def test_every_plan_whose_fields_are_right_can_be_judged(plan: Plan) -> None:
    """Whatever does not fit together, it is told and nothing breaks."""
    assert all(fault.pointer.startswith("/") and fault.sentence for fault in plan_faults(plan))
