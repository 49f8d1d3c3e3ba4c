"""Standings: how a card stands once something was posted on it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.domain.cards import Standing, Totals
from gateway.domain.ledger import Transfer, after
from gateway.domain.rules.outcomes import Day, RuleMemory


def standing_after(
    standing: Standing,
    transfers: Iterable[Transfer],
    day: Day,
    memory: Mapping[str, RuleMemory],
) -> Standing:
    """Return the standing after transfers, the change of a day, and what rules remember anew."""
    totals = standing.totals
    return replace(
        standing,
        version=standing.version + 1,
        balances=after(standing.balances, transfers),
        days=_with(standing.days, day),
        totals=Totals(
            visits=totals.visits + day.visits,
            spent=totals.spent + day.spent,
            points=totals.points + day.points,
        ),
        memory={**standing.memory, **memory},
    )


def _with(days: tuple[Day, ...], change: Day) -> tuple[Day, ...]:
    before = next((day for day in days if day.day == change.day), Day(day=change.day))
    others = [day for day in days if day.day != change.day]
    return tuple(sorted([*others, _sum(before, change)], key=lambda day: day.day))


def _sum(day: Day, change: Day) -> Day:
    rules = {**day.given, **change.given}
    return Day(
        day=day.day,
        earnings=day.earnings + change.earnings,
        visits=day.visits + change.visits,
        spent=day.spent + change.spent,
        points=day.points + change.points,
        given={rule: day.given.get(rule, 0) + change.given.get(rule, 0) for rule in rules},
    )
