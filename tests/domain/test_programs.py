"""Programs: what a version may be called and look like."""

import json
from dataclasses import replace

import pytest

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.writing import written
from gateway.domain.programs import (
    DESCRIPTION_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    Look,
    ProgramVersion,
    check_version,
    version_faults,
)
from tests.domain.earning.tills import ID
from tests.plans import hybrid_plan, stamp_plan

NOTHING = "Please write something here."
HIDDEN = "Please leave out characters that cannot be seen."
COLOUR = "Please give a colour like #1f4d3a."


def test_what_can_be_read_can_be_shown() -> None:
    """The limits themselves are allowed, and a description has lines."""
    check_version("x" * NAME_CHARACTERS_MAX, Look(), "One\ntwo")
    check_version("Café", Look(), "x" * DESCRIPTION_CHARACTERS_MAX)
    check_version("Card", Look())


@pytest.mark.parametrize(
    ("pointer", "sentence", "name", "look", "description"),
    [
        ("/name", NOTHING, "  ", Look(), ""),
        ("/name", "Please use at most 60 characters.", "x" * 61, Look(), ""),
        ("/name", "Please write this on one line.", "a\nb", Look(), ""),
        ("/name", HIDDEN, "a\u202eb", Look(), ""),
        ("/description", NOTHING, "Card", Look(), " "),
        ("/description", "Please use at most 500 characters.", "Card", Look(), "x" * 501),
        ("/description", HIDDEN, "Card", Look(), "\u202e"),
        ("/look/background", COLOUR, "Card", Look(background="red"), ""),
        ("/look/foreground", COLOUR, "Card", Look(foreground="#FFFFFF"), ""),
        ("/look/label", COLOUR, "Card", Look(label="#12345g"), ""),
    ],
)
def test_a_version_that_cannot_be_shown_names_the_field(
    pointer: str, sentence: str, name: str, look: Look, description: str
) -> None:
    """The refusal points at what is wrong, and only at that."""
    with pytest.raises(ConfigurationInvalid) as refused:
        check_version(name, look, description)
    assert refused.value.faults == (Fault(pointer, sentence),)


def test_all_faults_are_said_at_once() -> None:
    """Nobody mends a form one field at a time."""
    faults = version_faults("", Look(background="", label=""), " ")
    assert [fault.pointer for fault in faults] == [
        "/name",
        "/description",
        "/look/background",
        "/look/label",
    ]


def test_a_versions_plan_is_written_once() -> None:
    """As the plan itself is written, however often it is read."""
    version = ProgramVersion(
        id=ID, program_id=ID, number=1, name="Card", plan=stamp_plan(), look=Look()
    )
    assert json.loads(version.plan_json) == written(version.plan)
    assert version.plan_json is version.plan_json


def test_a_version_names_the_kinds_of_its_rules_once() -> None:
    """Sorted, so that two versions of the same rules say the same."""
    plan = hybrid_plan()
    version = ProgramVersion(
        id=ID,
        program_id=ID,
        number=1,
        name="Card",
        plan=replace(plan, rules=(*plan.rules, plan.rules[0])),
        look=Look(),
    )
    assert version.rule_types == ("points_based", "stamp_card", "tier_based")
