"""Rewards in words for the merchant: prices, what is left, and when it is on offer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.rewards import Reward, RewardDesign
from gateway.presenters.reward_words import left, offer, price, unit_name
from tests.plans import hybrid_plan, visit_plan

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MUG = Reward(
    id=UUID(int=1),
    program_id=UUID(int=2),
    design=RewardDesign(name="Mug", unit="stamp", cost=3),
)


def costing(cost: int, unit: str) -> Reward:
    """Return a mug at this price."""
    return replace(MUG, design=replace(MUG.design, cost=cost, unit=unit))


def test_a_price_is_in_what_cards_collect() -> None:
    """What a rule gives is earned; in the catalogue the same voucher is a price."""
    assert price(hybrid_plan(), costing(1, "stamp")) == "1 stamp"
    assert price(hybrid_plan(), costing(1_000, "point")) == "1,000 points"
    assert price(visit_plan(), costing(1, "voucher:visits")) == "A breakfast"
    promised = replace(costing(1, "voucher:visits"), key="visits")
    assert price(visit_plan(), promised) == "earned"


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("stamp", "stamps"),
        ("point", "points"),
        ("bean", "bean"),
        ("voucher:visits", "A breakfast, once it is earned"),
    ],
)
def test_a_unit_is_called_what_people_collect(unit: str, name: str) -> None:
    """And never by its name in the books."""
    assert unit_name(visit_plan(), unit) == name


@pytest.mark.parametrize(("stock", "words"), [(None, ""), (0, "sold out"), (1_500, "1,500 left")])
def test_what_is_left_is_said_where_somebody_counts(stock: int | None, words: str) -> None:
    """Otherwise nothing is."""
    assert left(replace(MUG, stock=stock)) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "on offer"),
        ({"active": False}, "not on offer"),
        ({"valid_from": NOON}, "on offer"),
        ({"valid_from": NOON + HOUR}, "from 21 Nov 2026 14:00"),
        ({"valid_until": NOON}, "over"),
        ({"valid_until": NOON + HOUR}, "until 21 Nov 2026 14:00"),
    ],
)
def test_an_offer_is_told_on_the_merchants_clock(change: dict[str, object], words: str) -> None:
    """With the moment at which it changes."""
    design = replace(MUG.design, **change)  # type: ignore[arg-type]
    assert offer(replace(MUG, design=design), NOON, "Europe/Luxembourg") == words
