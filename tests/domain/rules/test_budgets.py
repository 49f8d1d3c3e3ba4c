"""What a whole program may give."""

from gateway.domain.rules.budgets import budget_key, program_budgets
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Plan
from tests.domain.earning.tills import points


def test_a_budget_is_counted_by_its_unit_and_rule() -> None:
    """Two budgets of a unit are told apart by their rules."""
    assert budget_key(Cap(unit="point", per=CapSpan.PROGRAM, amount=1)) == "point:"
    one = Cap(unit="point", per=CapSpan.PROGRAM, amount=1, rule="points")
    assert budget_key(one) == "point:points"


def test_only_caps_of_the_whole_program_are_budgets() -> None:
    """Those per card have no store of their own."""
    plan = Plan(
        rules=(points(),),
        caps=(
            Cap(unit="point", per=CapSpan.PROGRAM, amount=500),
            Cap(unit="point", per=CapSpan.DAY, amount=7),
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=9, rule="stamps"),
        ),
    )
    assert program_budgets(plan) == {"point:": 500, "stamp:stamps": 9}
