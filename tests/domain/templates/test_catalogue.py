"""The templates a merchant begins with can be promised as they are."""

from collections import Counter

import pytest

from gateway.domain.errors import NotFound
from gateway.domain.programs import check_version
from gateway.domain.rules.faults import plan_faults
from gateway.domain.rules.plan import Rule
from gateway.domain.rules.promises import Promise
from gateway.domain.templates.catalogue import Template, template, templates
from gateway.presenters.contrasts import is_readable


@pytest.mark.parametrize("each", templates(), ids=lambda each: str(each.key))
def test_a_template_can_be_activated_unchanged(each: Template) -> None:
    """Its plan fits together, its name fits a card, and everybody can read its colours."""
    assert plan_faults(each.plan) == ()
    check_version(each.name, each.look)
    assert is_readable(each.look)
    assert template(each.key) is each


def test_there_are_templates_for_many_industries() -> None:
    """At least a dozen, each there once, in the order of the alphabet."""
    industries = [each.industry for each in templates()]

    assert len(industries) >= 14
    assert industries == sorted(set(industries))
    assert len({each.key for each in templates()}) == len(industries)


def test_every_type_of_rule_and_promise_is_shown() -> None:
    """And cards with several rules."""
    rules = [rule for each in templates() for rule in each.plan.rules]
    promises = {type(reward) for rule in rules if (reward := getattr(rule, "reward", None))}

    assert {type(rule) for rule in rules} == set(Rule.__args__)
    assert promises == set(Promise.__args__)
    assert Counter(len(each.plan.rules) for each in templates())[2] >= 3


def test_a_template_nobody_made_is_not_found() -> None:
    """Rather than another one."""
    with pytest.raises(NotFound, match=r"^There is no such template\.$"):
        template("spaceport")
