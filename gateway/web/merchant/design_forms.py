"""The form of a program: what was typed, what it means, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.domain.errors import Invalid
from gateway.domain.programs import Look, ProgramVersion, StampRule, check_version
from gateway.services.merchants.designing import Design

NUMBER_DIGITS_MAX = 6
_UNREADABLE = -1
_FIRST = Design(name="", rule=StampRule(target=10, reward=""), look=Look())

PALETTES = (
    Look(background="#1f4d3a", foreground="#ffffff", label="#cfe5d8"),
    Look(background="#4a2c20", foreground="#fff6ea", label="#e8cdb6"),
    Look(background="#1d2f5e", foreground="#ffffff", label="#c6d3f5"),
    Look(background="#7a1f3d", foreground="#fff4f7", label="#f5c9d7"),
    Look(background="#f3e3c3", foreground="#2e2413", label="#5f4d2c"),
    Look(background="#1b1a19", foreground="#f7d774", label="#c9c3b6"),
)
"""Colours that go together and can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignForm:
    """The form as it is shown: a text per field, and a sentence per mistake."""

    fields: Mapping[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)


def read_design(fields: Mapping[str, str]) -> Design:
    """Return what the form asks for; raises `Invalid` with a sentence per field."""
    given = {name: text.strip() for name, text in fields.items()}
    design = Design(
        name=given.get("name", ""),
        rule=StampRule(
            target=_number(given.get("target", "")),
            reward=given.get("reward", ""),
            cooldown=timedelta(minutes=_number(given.get("cooldown_minutes", ""))),
            daily_limit=_number(given.get("daily_limit", "")),
        ),
        look=Look(
            background=given.get("background", "").lower(),
            foreground=given.get("foreground", "").lower(),
            label=given.get("label", "").lower(),
        ),
    )
    check_version(design.name, design.rule, design.look)
    return design


def form_of(design: Design | ProgramVersion = _FIRST) -> DesignForm:
    """Return the form filled in with a design, or with what a new one begins with."""
    rule, look = design.rule, design.look
    return DesignForm(
        fields={
            "name": design.name,
            "reward": rule.reward,
            "target": str(rule.target),
            "cooldown_minutes": str(int(rule.cooldown.total_seconds() // 60)),
            "daily_limit": str(rule.daily_limit),
            "background": look.background,
            "foreground": look.foreground,
            "label": look.label,
        }
    )


def corrected(fields: Mapping[str, str], invalid: Invalid) -> DesignForm:
    """Return the form as it was typed, with what is wrong."""
    errors = invalid.detail.get("errors", {})
    assert isinstance(errors, dict), "one sentence per field"
    typed = {name: fields.get(name, "") for name in form_of().fields}
    return DesignForm(fields=typed, mistakes=errors)


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX
    return int(text) if is_number else _UNREADABLE
