"""What changed from one version of a plan to the next."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.configurations.writing import written
from gateway.domain.rules.diffs import Difference, diff
from gateway.domain.rules.plan import Plan
from tests.configurations import instances

COFFEE = {"type": "free_item", "description": "A free coffee"}
STAMPS = {"key": "stamps", "stamps_required": 10, "reward": COFFEE}
POINTS = {"key": "points", "points_per_dollar": "1"}


def test_values_are_compared_one_by_one() -> None:
    """What changed, what came and what went; the rest is not said."""
    before = {"currency": "EUR", "rounding": {"mode": "floor", "scope": "per_line"}, "a": 1}
    after = {"currency": "USD", "rounding": {"mode": "ceiling", "scope": "per_line"}, "b/c": False}

    assert diff(before, after) == (
        Difference("/currency", "EUR", "USD"),
        Difference("/rounding/mode", "floor", "ceiling"),
        Difference("/b~1c", None, after=False),
        Difference("/a", 1, None),
    )


def test_items_with_a_key_are_followed_wherever_they_move() -> None:
    """A rule is the same rule with another one before it; that its place changed is said too."""
    more = STAMPS | {"stamps_required": 12}

    assert diff({"rules": [STAMPS]}, {"rules": [POINTS, more]}) == (
        Difference("/rules", ["stamps"], ["points", "stamps"]),
        Difference("/rules/points/points_per_dollar", None, "1"),
        Difference("/rules/stamps/stamps_required", 10, 12),
    )
    assert diff({"rules": [STAMPS, POINTS]}, {"rules": [POINTS, STAMPS]}) == (
        Difference("/rules", ["stamps", "points"], ["points", "stamps"]),
    )


def test_a_removed_item_is_gone_with_all_it_had() -> None:
    """Value by value, as nothing afterwards."""
    assert diff({"rules": [STAMPS, POINTS]}, {"rules": [POINTS]}) == (
        Difference("/rules", ["stamps", "points"], ["points"]),
        Difference("/rules/stamps/stamps_required", 10, None),
        Difference("/rules/stamps/reward/type", "free_item", None),
        Difference("/rules/stamps/reward/description", "A free coffee", None),
    )


def test_lists_without_keys_are_one_value() -> None:
    """Days of the week and categories read best as a whole."""
    days = {"weekdays": ["monday"]}, {"weekdays": ["monday", "friday"]}

    assert diff(*days) == (Difference("/weekdays", ["monday"], ["monday", "friday"]),)
    assert diff({"x": [{"key": "a"}, 1]}, {"x": [{"key": "a"}]}) == (
        Difference("/x", [{"key": "a"}, 1], ["a"]),
    )
    twice = [{"key": "a", "at": 1}, {"key": "a", "at": 2}]
    assert diff({}, {"x": twice}) == (Difference("/x", None, twice),)


def test_null_and_empty_are_nothing() -> None:
    """Nobody added a promotion by writing that there is none; a zero and a no are something."""
    empty: dict[str, object] = {"audience": None, "promotions": [], "multipliers": {}}
    kept = {"rules": [{"key": "a"}], "pending_days": 0, "repeats": False}

    assert diff({}, empty) == diff(empty, {}) == ()
    assert diff(empty, empty | kept) == (
        Difference("/rules", None, ["a"]),
        Difference("/pending_days", None, 0),
        Difference("/repeats", None, after=False),
    )


@settings(max_examples=25)  # two plans take long to draw
@given(instances(Plan), instances(Plan))
def test_there_is_a_difference_when_plans_differ(one: Plan, other: Plan) -> None:
    """And none from a plan to itself; backwards everything is the other way round."""
    forth, back = diff(written(one), written(other)), diff(written(other), written(one))

    assert not diff(written(one), written(one))
    assert bool(forth) == (one != other)
    assert {each.pointer: (each.before, each.after) for each in forth} == {
        each.pointer: (each.after, each.before) for each in back
    }


@settings(max_examples=25)  # a plan takes long to draw
@given(instances(Plan), st.integers(0, 365))
def test_one_change_is_one_difference(plan: Plan, days: int) -> None:
    """With the value before and after."""
    before = written(plan)
    after = before | {"pending_days": days}
    expected = Difference("/pending_days", plan.pending_days, days)

    assert diff(before, after) == (() if days == plan.pending_days else (expected,))
