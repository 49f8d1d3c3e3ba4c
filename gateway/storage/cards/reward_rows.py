"""A reward as its row keeps it: texts that are never null, and what is promised as JSON."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written, written_value
from gateway.domain.rewards import Reward, RewardDesign, RewardWords
from gateway.domain.rules.promises import Promise
from gateway.domain.wording import Language

_TEXTS = ("description", "terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a version promises, as it is kept."""

    promise: Promise


def columns_of(design: RewardDesign) -> dict[str, Any]:
    """Return the columns that a design fills, which have the names of its fields."""
    values = {field.name: getattr(design, field.name) for field in fields(design)}
    no_text = {name: values[name] or "" for name in _TEXTS}
    return values | no_text | {"localised": written_value(design.localised)}


def written_promise(promise: Promise | None) -> object:
    """Return what a version promises as JSON values; None for a reward of the catalogue."""
    return written(_Kept(promise=promise))["promise"] if promise else None


def reward_of(row: Row[Any]) -> Reward:
    """Return the reward that a row keeps."""
    return Reward(
        id=row.id,
        program_id=row.program_id,
        program_version_id=row.program_version_id,
        key=row.key,
        design=_design(row),
        promise=read(_Kept, {"promise": row.promise}).promise if row.promise else None,
        stock=row.stock,
        revision=row.revision,
    )


def _design(row: Row[Any]) -> RewardDesign:
    values = {field.name: getattr(row, field.name) for field in fields(RewardDesign)}
    no_text = {name: values[name] or None for name in _TEXTS}
    localised = {Language(name): RewardWords(**words) for name, words in row.localised.items()}
    return RewardDesign(**values | no_text | {"localised": localised})
