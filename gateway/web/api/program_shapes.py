"""Programs as the API writes and reads them."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from gateway.domain import programs as domain
from gateway.domain.errors import Invalid
from gateway.domain.programs import (
    COOLDOWN_MINUTES_MAX,
    DAILY_LIMIT_MAX,
    NAME_CHARACTERS_MAX,
    REWARD_CHARACTERS_MAX,
    STAMPS_TARGET_MAX,
    STAMPS_TARGET_MIN,
    ProgramStatus,
)
from gateway.services.merchants import designing
from gateway.web.refusals import BodyInvalid

MINUTE = timedelta(minutes=1)

_POINTERS = {
    "reward": "/rule/reward",
    "target": "/rule/target",
    "cooldown_minutes": "/rule/cooldown_minutes",
    "daily_limit": "/rule/daily_limit",
    "background": "/look/background",
    "foreground": "/look/foreground",
    "label": "/look/label",
}

Colour = Annotated[str, msgspec.Meta(pattern="^#[0-9a-f]{6}$", examples=["#1f4d3a"])]


class StampRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One stamp per visit; every `target` stamps make one reward."""

    kind: Literal["stamp_card"] = "stamp_card"
    target: Annotated[int, msgspec.Meta(ge=STAMPS_TARGET_MIN, le=STAMPS_TARGET_MAX, examples=[10])]
    reward: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=REWARD_CHARACTERS_MAX, examples=["A free coffee"]),
    ]
    cooldown_minutes: Annotated[int, msgspec.Meta(ge=0, le=COOLDOWN_MINUTES_MAX)] = 15
    daily_limit: Annotated[int, msgspec.Meta(ge=1, le=DAILY_LIMIT_MAX)] = 5


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The colours of the card."""

    background: Colour = "#1f4d3a"
    foreground: Colour = "#ffffff"
    label: Colour = "#cfe5d8"


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a program promises."""

    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX, examples=["Coffee card"])
    ]
    rule: StampRule
    look: Look = Look()

    def read(self) -> designing.Design:
        """Return the design as the services take it; raises `BodyInvalid` with pointers."""
        design = self._design()
        try:
            domain.check_version(design.name, design.rule, design.look)
        except Invalid as invalid:
            raise BodyInvalid(invalid.sentence, errors=_faults(invalid)) from None
        return design

    def _design(self) -> designing.Design:
        return designing.Design(
            name=self.name,
            rule=domain.StampRule(
                target=self.rule.target,
                reward=self.rule.reward,
                cooldown=self.rule.cooldown_minutes * MINUTE,
                daily_limit=self.rule.daily_limit,
            ),
            look=domain.Look(
                background=self.look.background,
                foreground=self.look.foreground,
                label=self.look.label,
            ),
        )


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program with what it promises now; `revision` is what its ETag holds."""

    id: UUID
    status: ProgramStatus
    revision: int
    version: int
    name: str
    rule: StampRule
    look: Look


class Programs(msgspec.Struct, frozen=True):
    """The merchant's programs, newest first."""

    items: list[Program]


class Reward(msgspec.Struct, frozen=True):
    """What a card can be redeemed for, and its price in stamps."""

    id: UUID
    name: str
    cost: int


class Rewards(msgspec.Struct, frozen=True):
    """What a program's cards can be redeemed for, cheapest first."""

    items: list[Reward]


def _faults(invalid: Invalid) -> list[dict[str, str]]:
    """Point at the fields of the body that the rules find fault with."""
    faults = invalid.detail["errors"]
    assert isinstance(faults, dict), "the rules name each field"
    return [
        {"pointer": _POINTERS.get(field, f"/{field}"), "detail": sentence}
        for field, sentence in faults.items()
    ]


def shown(program: domain.Program) -> Program:
    """Return a program as answers carry it."""
    rule, look = program.version.rule, program.version.look
    return Program(
        id=program.id,
        status=program.status,
        revision=program.revision,
        version=program.version.number,
        name=program.version.name,
        rule=StampRule(
            target=rule.target,
            reward=rule.reward,
            cooldown_minutes=rule.cooldown // MINUTE,
            daily_limit=rule.daily_limit,
        ),
        look=Look(background=look.background, foreground=look.foreground, label=look.label),
    )
