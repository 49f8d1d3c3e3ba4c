"""A program's report as text: a column per unit, a row per number, and how each is computed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from gateway.domain.money import exponent
from gateway.domain.reports import FORMULAS, Deadline, Flow, Valuation

UNKNOWN = "-"
NEVER = "never"
MONEY = "liability"

Column = tuple[Flow, Valuation]


def report_table(columns: Sequence[Column], deadlines: Sequence[Deadline], currency: str) -> str:
    """Return the report as lines; money with its digits, rates as they are."""
    if not columns:
        return "Nothing moved."
    rows = [["", *(flow.unit for flow, _ in columns)], *_numbers(columns, currency)]
    formulas = [f"{name}: {formula}" for name, formula in FORMULAS.items()]
    parts = [_aligned(rows), _deadlines(deadlines), "\n".join(formulas)]
    return "\n\n".join(part for part in parts if part)


def _numbers(columns: Sequence[Column], currency: str) -> Iterator[list[str]]:
    described = [asdict(flow) | asdict(valuation) for flow, valuation in columns]
    for name in FORMULAS:
        if name in described[0]:
            label = f"{name} ({currency})" if name == MONEY else name
            yield [label, *(_written(name, each[name], currency) for each in described)]


def _written(name: str, value: object, currency: str) -> str:
    if value is None:
        return UNKNOWN
    if name == MONEY and isinstance(value, int):
        digits = exponent(currency)
        return f"{value / 10**digits:,.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def _deadlines(deadlines: Sequence[Deadline]) -> str:
    rows = [
        [each.day.isoformat() if each.day else NEVER, f"{each.amount:,}", each.unit]
        for each in deadlines
    ]
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
