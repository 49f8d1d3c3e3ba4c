"""Rewards: what each kind of plan promises, and what a catalogue may hold beside it."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.configurations.writing import written
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.reward_designs import read_design, restocked
from gateway.domain.rewards import (
    STOCK_MAX,
    Reward,
    RewardDesign,
    RewardWords,
    promised,
    spendable,
    tiers_of,
)
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import Milestone, StampRule
from gateway.domain.wording import Language
from tests.plans import (
    hybrid_plan,
    points_plan,
    punch_plan,
    spending_plan,
    stamp_plan,
    tier_plan,
    visit_plan,
)

COOKIE = Milestone(key="cookie", at=1, reward=FreeItem(description="Cookie"))
ON_THE_WAY = Plan(
    rules=(
        StampRule(
            stamps_required=3,
            reward=FreeItem(description="Coffee"),
            intermediate_rewards=(COOKIE,),
        ),
    )
)
MUG = {"name": "Mug", "unit": "stamp", "cost": 5}


def version_of(plan: Plan) -> ProgramVersion:
    """Return a version with this plan."""
    return ProgramVersion(
        id=UUID(int=1), program_id=UUID(int=2), number=1, name="Card", plan=plan, look=Look()
    )


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (stamp_plan(), [("stamps", "stamp", 3, "Coffee")]),
        (punch_plan(), [("punches", "stamp", 5, "Lunch")]),
        (spending_plan(), [("spending", "voucher:spending", 1, "A cake")]),
        (visit_plan(), [("visits", "voucher:visits", 1, "A breakfast")]),
        (points_plan(), []),
        (tier_plan(), []),
        (hybrid_plan(), [("stamps", "stamp", 3, "Coffee")]),
        (
            ON_THE_WAY,
            [("stamps", "stamp", 3, "Coffee"), ("cookie", "voucher:cookie", 1, "Cookie")],
        ),
    ],
)
def test_each_plan_promises_its_rewards(
    plan: Plan, expected: list[tuple[str, str, int, str]]
) -> None:
    """What is collected is paid with itself, everything else with the voucher it was given as."""
    found = promised(version_of(plan))
    assert [(r.key, r.unit, r.cost, r.promise.description) for r in found] == expected
    assert [(r.design.name, r.design.unit, r.design.cost) for r in found] == [
        (name, unit, cost) for _, unit, cost, name in expected
    ]


@pytest.mark.parametrize(
    ("plan", "units", "tiers"),
    [
        (stamp_plan(), ("stamp",), []),
        (ON_THE_WAY, ("stamp", "voucher:cookie"), []),
        (hybrid_plan(), ("stamp", "point"), ["silver", "gold"]),
        (tier_plan(), ("point",), ["silver", "gold"]),
        (visit_plan(), ("voucher:visits",), []),
    ],
)
def test_a_catalogue_costs_what_the_cards_collect(
    plan: Plan, units: tuple[str, ...], tiers: list[str]
) -> None:
    """Each unit once, and the tiers lowest first."""
    assert spendable(plan) == units
    assert [tier.key for tier in tiers_of(plan)] == tiers


def test_a_reward_is_read_in_the_customers_language() -> None:
    """In another one it reads as its merchant wrote it first."""
    french = RewardWords(name="Tasse", terms="Une par personne")
    design = RewardDesign(
        name="Mug",
        unit="stamp",
        cost=1,
        description="White",
        terms="One each",
        localised={Language.FR: french},
    )
    reward = Reward(id=UUID(int=1), program_id=UUID(int=2), design=design)
    assert reward.words("fr") == french
    assert reward.words("de") == RewardWords(name="Mug", description="White", terms="One each")


def test_a_design_is_read_as_it_was_written() -> None:
    """With every field, and its words in other languages."""
    full = MUG | {
        "localised": {"lb": {"name": "Taass"}},
        "tier_min": "silver",
        "valid_from": "2026-12-01T00:00:00Z",
        "valid_until": "2026-12-01T00:00:01Z",
    }
    design = read_design(full, hybrid_plan())
    assert design.localised[Language.LB].name == "Taass"
    assert read_design(written(design), hybrid_plan()) == design


@pytest.mark.parametrize(
    ("change", "plan", "pointer", "sentence"),
    [
        ({"cost": 0}, stamp_plan(), "/cost", "A reward costs 1 to 1,000,000,000."),
        ({"unit": "point"}, stamp_plan(), "/unit", "The cards of this program collect: stamp."),
        ({"tier_min": "gold"}, stamp_plan(), "/tier_min", "This program has no tiers."),
        (
            {"tier_min": "lead"},
            hybrid_plan(),
            "/tier_min",
            "Please choose one of: silver, gold.",
        ),
        (
            {"valid_from": "2026-12-01T00:00:00Z", "valid_until": "2026-12-01T00:00:00Z"},
            stamp_plan(),
            "/valid_until",
            "The last moment must come after the first.",
        ),
        (
            {"image": "javascript:alert(1)"},
            stamp_plan(),
            "/image",
            "An image is an address that begins with https://.",
        ),
        (
            {"localised": {"es": {"name": "Taza"}}},
            stamp_plan(),
            "/localised/es",
            "Please choose one of: en, fr, de, lb.",
        ),
    ],
)
def test_what_cannot_be_offered_is_pointed_at(
    change: dict[str, object], plan: Plan, pointer: str, sentence: str
) -> None:
    """In plain words, at the field."""
    with pytest.raises(ConfigurationInvalid) as refused:
        read_design(MUG | change, plan)
    assert [(f.pointer, f.sentence) for f in refused.value.faults] == [(pointer, sentence)]


@pytest.mark.parametrize(
    ("stock", "add", "left"),
    [(None, 5, 5), (3, 4, 7), (3, -3, 0), (3, None, None), (0, STOCK_MAX, STOCK_MAX)],
)
def test_stock_is_added_to_what_is_there(
    stock: int | None, add: int | None, left: int | None
) -> None:
    """Counted for the first time it begins at nothing; None ends the counting."""
    assert restocked(stock, add, "/add") == left


@pytest.mark.parametrize(
    ("stock", "add", "sentence"),
    [
        (3, -4, "There are only 3 left."),
        (None, -1, "There are only 0 left."),
        (1, STOCK_MAX, "There can be at most 1,000,000."),
    ],
)
def test_no_stock_is_below_nothing_or_beyond_counting(
    stock: int | None, add: int, sentence: str
) -> None:
    """The fault says how many there are, or may be."""
    with pytest.raises(ConfigurationInvalid) as refused:
        restocked(stock, add, "/add")
    assert [(f.pointer, f.sentence) for f in refused.value.faults] == [("/add", sentence)]


def test_a_promised_reward_keeps_its_promise() -> None:
    """A reward of a version has what is shown of any reward."""
    (each,) = promised(version_of(stamp_plan()))
    reward = Reward(id=UUID(int=1), program_id=UUID(int=2), design=each.design, key=each.key)
    assert (reward.name, reward.unit, reward.cost) == ("Coffee", "stamp", 3)
    assert replace(reward, stock=1) != reward
