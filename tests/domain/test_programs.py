"""Programs: every command from every status, and what a version may promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.errors import Invalid
from gateway.domain.programs import (
    Look,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    StampRule,
    check_version,
    next_status,
)

ALLOWED = {
    ("draft", "activate"): "active",
    ("active", "pause"): "paused",
    ("active", "end"): "ended",
    ("paused", "activate"): "active",
    ("paused", "end"): "ended",
}
RULE = StampRule(target=10, reward="Coffee")


@pytest.mark.parametrize("status", ProgramStatus)
@pytest.mark.parametrize("command", ProgramCommand)
def test_every_command_from_every_status_is_allowed_or_refused_by_the_table(
    status: ProgramStatus, command: ProgramCommand
) -> None:
    """What is not in the table is refused with the status it was tried from."""
    expected = ALLOWED.get((status, command))
    if expected:
        assert next_status(status, command) == expected
    else:
        with pytest.raises(ProgramCannot) as refused:
            next_status(status, command)
        assert refused.value.detail["status"] == status


@pytest.mark.parametrize("target", [2, 50])
def test_a_card_of_two_to_fifty_stamps_can_be_promised(target: int) -> None:
    """The limits themselves are allowed."""
    check_version("Card", replace(RULE, target=target), Look())


@pytest.mark.parametrize(
    ("field", "name", "rule", "look"),
    [
        ("target", "Card", replace(RULE, target=1), Look()),
        ("target", "Card", replace(RULE, target=51), Look()),
        ("name", "  ", RULE, Look()),
        ("name", "x" * 61, RULE, Look()),
        ("name", "a\nb", RULE, Look()),
        ("reward", "Card", replace(RULE, reward=""), Look()),
        ("cooldown_minutes", "Card", replace(RULE, cooldown=timedelta(days=8)), Look()),
        ("cooldown_minutes", "Card", replace(RULE, cooldown=timedelta(minutes=-1)), Look()),
        ("daily_limit", "Card", replace(RULE, daily_limit=0), Look()),
        ("background", "Card", RULE, Look(background="red")),
        ("foreground", "Card", RULE, Look(foreground="#FFF")),
        ("label", "Card", RULE, Look(label="#12345g")),
    ],
)
def test_a_version_that_cannot_be_promised_names_the_field(
    field: str, name: str, rule: StampRule, look: Look
) -> None:
    """The refusal says which field is wrong, and only that one."""
    with pytest.raises(Invalid) as refused:
        check_version(name, rule, look)
    errors = refused.value.detail["errors"]
    assert isinstance(errors, dict)
    assert list(errors) == [field]
