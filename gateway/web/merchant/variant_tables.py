"""A trial's variants side by side: what each promises, who is in it, and how its cards did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from gateway.domain.configurations.writing import written
from gateway.domain.experiments import WEIGHTS_TOTAL
from gateway.domain.programs import ProgramVersion
from gateway.presenters.amounts import money
from gateway.services.merchants.designing import design_of
from gateway.services.merchants.experimenting import Arm, Findings
from gateway.storage.cards.experiment_figures import VariantFigures
from gateway.storage.cards.experiments import HELD_OUT
from gateway.web.merchant.plan_fields import plan_fields, put, typed

LEFT_OUT = "Left out"
NOTHING = "–"
OTHERWISE = "other settings"
"""What is said of differences that have no words of their own."""

FORMULAS: Mapping[str, str] = {
    "Customers": "cards that are in this column, whether they came or not",
    "Came": "customers of the column with at least one visit since the trial began",
    "Visits": "visits since the day on which the trial began, that whole day counted",
    "Rewards": "rewards handed out since the trial began",
    "Points": "points issued in these days, less what refunds took back",
    "Spent": "what purchases came to in these days, as far as the till said it",
}
"""How each number is counted, on the page beside them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or a setting, and in small how much it is for each customer."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A variant: its key, what the page calls it, whether it is promised now, and its version."""

    key: str
    name: str
    holds: bool
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared, a cell for each column."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class VariantTable:
    """Everything that is compared; `warning` is why nothing follows from it, or empty."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    warning: Sequence[str]


def variant_name(keys: Sequence[str], key: str) -> str:
    """Return what a variant is called: A, B … in their order, or that it is left out."""
    return LEFT_OUT if key == HELD_OUT else ascii_uppercase[keys.index(key)]


def variant_table(
    findings: Findings, versions: Mapping[str, ProgramVersion], now: ProgramVersion
) -> VariantTable:
    """Return the columns and rows; `versions` by key, `now` is what the program promises."""
    keys = [arm.key for arm in findings.arms]
    promised = [versions.get(arm.key, now) for arm in findings.arms]
    columns = [
        Column(
            key=key,
            name=variant_name(keys, key),
            holds=key != HELD_OUT and design_of(version) == design_of(now),
            number=version.number,
        )
        for key, version in zip(keys, promised, strict=True)
    ]
    rows = [*_promises(promised), *_figures(findings.arms, now.plan.currency)]
    return VariantTable(columns, rows, _warning(findings, keys) if findings.is_mismatch else [])


def differences(version: ProgramVersion, other: ProgramVersion) -> str:
    """Return in what a version differs from another, in short: Stamps 8 instead of 10."""
    words = [
        f"{row.label} {row.cells[0].text} instead of {row.cells[1].text}"
        for row in _settings_apart([version, other])
    ]
    return ", ".join([*words, OTHERWISE] if _is_otherwise(version, other) else words)


def _promises(versions: Sequence[ProgramVersion]) -> Iterator[Row]:
    """Give what the versions do not have in common."""
    yield from _settings_apart(versions)
    first = versions[0]
    others = [_is_otherwise(version, first) for version in versions]
    if any(others):
        yield Row("Also", [Cell(OTHERWISE if is_other else NOTHING) for is_other in others])


def _settings_apart(versions: Sequence[ProgramVersion]) -> Iterator[Row]:
    settings = [_settings(version) for version in versions]
    for place in dict.fromkeys(place for each in settings for place in each):
        texts = [each.get(place) or NOTHING for each in settings]
        if len(set(texts)) > 1:
            yield Row(place[1], [Cell(text) for text in texts])


def _settings(version: ProgramVersion) -> dict[tuple[str, str], str]:
    """Return the settings that have words, by pointer and label."""
    plan = written(version.plan)
    settings = {("/name", "Name"): version.name}
    return settings | {(each.pointer, each.label): typed(plan, each) for each in plan_fields(plan)}


def _is_otherwise(version: ProgramVersion, other: ProgramVersion) -> bool:
    """Say whether versions differ also in what has no words: colours, promotions, and so on."""
    plan, settings = written(version.plan), _settings(other)
    for each in plan_fields(plan):
        put(plan, each, settings.get((each.pointer, each.label), ""))
    kept = (version.look, version.description, plan)
    return kept != (other.look, other.description, written(other.plan))


def _figures(arms: Sequence[Arm], currency: str) -> Iterator[Row]:
    yield Row("Share", [Cell(percent(arm.weight)) for arm in arms])
    yield Row("Customers", [Cell(f"{arm.figures.members:,}") for arm in arms])
    yield Row("Came", [_came(arm.figures) for arm in arms])
    yield Row("Visits", [_each(arm.figures.visits, arm.figures.members) for arm in arms])
    yield Row("Rewards", [_each(arm.figures.redeemed, arm.figures.members) for arm in arms])
    if any(arm.figures.points for arm in arms):
        yield Row("Points", [_each(arm.figures.points, arm.figures.members) for arm in arms])
    if any(arm.figures.spent for arm in arms):
        yield Row("Spent", [_spent(arm.figures, currency) for arm in arms])


def percent(share: int) -> str:
    """Return a share of ten-thousandths: 33.3 %."""
    return f"{share / 100:g} %"


def _came(figures: VariantFigures) -> Cell:
    if not figures.members:
        return Cell(NOTHING)
    return Cell(f"{figures.active:,}", f"{figures.active / figures.members * 100:.0f} % of them")


def _each(number: int, members: int) -> Cell:
    if not members:
        return Cell(NOTHING)
    return Cell(f"{number:,}", f"{number / members:,.2f} each")


def _spent(figures: VariantFigures, currency: str) -> Cell:
    if not figures.members:
        return Cell(NOTHING)
    each = money(round(figures.spent / figures.members), currency)
    return Cell(money(figures.spent, currency), f"{each} each")


def _warning(findings: Findings, keys: Sequence[str]) -> list[str]:
    total = sum(arm.figures.members for arm in findings.arms)
    counts = [
        f"{arm.figures.members:,} {_in_words(keys, arm.key)} instead of about "
        f"{round(total * arm.weight / WEIGHTS_TOTAL):,}"
        for arm in findings.arms
    ]
    return [
        "Do not decide by these numbers: the customers were not dealt out as you asked.",
        f"Of {total:,} customers {', '.join(counts)}.",
        "Chance does that in fewer than one of a thousand trials, so something went wrong.",
        "Tell whoever looks after your installation, and begin a new trial instead of this one.",
    ]


def _in_words(keys: Sequence[str], key: str) -> str:
    return "are left out" if key == HELD_OUT else f"got {variant_name(keys, key)}"
