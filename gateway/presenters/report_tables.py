"""A program's report: a column per unit, a row per number, and how each is computed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from gateway.domain.money import exponent
from gateway.domain.reports import FORMULAS, Deadline, Flow, Valuation

UNKNOWN = "-"
NEVER = "never"
MONEY = "liability"

Column = tuple[Flow, Valuation]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One number of a report: its name, each unit's cell, and how it is computed."""

    label: str
    cells: tuple[str, ...]
    formula: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """How much of a unit ends on a day."""

    day: str
    amount: str
    unit: str


def report_table(columns: Sequence[Column], deadlines: Sequence[Deadline], currency: str) -> str:
    """Return the report as lines; money with its digits, rates as they are."""
    if not columns:
        return "Nothing moved."
    numbers = [[row.label, *row.cells] for row in report_rows(columns, currency)]
    rows = [["", *(flow.unit for flow, _ in columns)], *numbers]
    formulas = [f"{name}: {formula}" for name, formula in FORMULAS.items()]
    parts = [_aligned(rows), _deadlines(deadlines), "\n".join(formulas)]
    return "\n\n".join(part for part in parts if part)


def report_rows(columns: Sequence[Column], currency: str) -> Iterator[ReportRow]:
    """Return each number of a report, of at least one unit; money with its digits."""
    described = [asdict(flow) | asdict(valuation) for flow, valuation in columns]
    for name, formula in FORMULAS.items():
        if name in described[0]:
            label = f"{name} ({currency})" if name == MONEY else name
            cells = tuple(_written(name, each[name], currency) for each in described)
            yield ReportRow(label, cells, formula)


def deadline_rows(deadlines: Sequence[Deadline]) -> list[DeadlineRow]:
    """Return what ends when, as it is read."""
    return [
        DeadlineRow(each.day.isoformat() if each.day else NEVER, f"{each.amount:,}", each.unit)
        for each in deadlines
    ]


def _written(name: str, value: object, currency: str) -> str:
    if value is None:
        return UNKNOWN
    if name == MONEY and isinstance(value, int):
        digits = exponent(currency)
        return f"{value / 10**digits:,.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def _deadlines(deadlines: Sequence[Deadline]) -> str:
    rows = [[row.day, row.amount, row.unit] for row in deadline_rows(deadlines)]
    return _aligned([["expires", "amount", "unit"], *rows]) if rows else ""


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines: the first column to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    )
