"""A card as the model of the ledger keeps it: plain balances, and lots in the order they came."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

GRACE_DAYS = 7
LATER_DAYS = 365
"""When everything that is earned ends, if it ends: further off than any test looks."""
LOTTED = ("pending", "available")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What is left of what came by one step; `ends` in days from the run's start, None is never.

    What is pending and `is_ripe` can be released.
    """

    unit: str
    account: str
    left: int
    by: int
    ends: int | None = None
    had_grace: bool = False
    is_ripe: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One card: what is on its accounts, its lots, and who took what from which of them.

    `punched` is what its rule gave, `spent` and `granted` what its spending came to, `changes`
    how many transactions it has, and `into` the card it was merged into.
    """

    balances: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lots: tuple[Lot, ...] = ()
    taken: Mapping[tuple[int, str], tuple[tuple[int, int], ...]] = field(default_factory=dict)
    punched: int = 0
    spent: int = 0
    granted: int = 0
    changes: int = 0
    into: int | None = None

    @property
    def is_merged(self) -> bool:
        """Say whether another card lives on for it."""
        return self.into is not None

    def of(self, unit: str, account: str = "available") -> int:
        """Return one balance."""
        return self.balances.get((unit, account), 0)

    def moved(
        self, by: int, unit: str, way: tuple[str, str], amount: int, first: tuple[int, ...] = ()
    ) -> "Card":
        """Return the card after an amount left one account for another that has no lots.

        Lots are taken of the steps in `first` before all others.
        """
        there = self.of(unit, way[0])
        card = self
        if way[0] in LOTTED:
            card = self._take(by, (unit, way[0]), min(amount, max(there, 0)), first)
        return card._shift(unit, way, amount)

    def given(self, source: str, lot: Lot) -> "Card":
        """Return the card after a lot came; what the card owes is paid from all it has then."""
        way = source, lot.account
        card = replace(self, lots=(*self.lots, lot))
        return card._paid(lot.by, lot.unit, way, lot.left)

    def put_back(self, by: int, unit: str, source: str, amount: int, reserved_by: int) -> "Card":
        """Return the card after the lots that a step took are as they were.

        What ended meanwhile can be used a little longer.
        """
        lots = list(self.lots)
        for place, part in self.taken[reserved_by, unit]:
            lot = lots[place]
            has_grace = lot.ends is not None and lot.ends <= 0 and not lot.had_grace
            lots[place] = replace(
                lot,
                left=lot.left + part,
                ends=GRACE_DAYS if has_grace else lot.ends,
                had_grace=lot.had_grace or has_grace,
            )
        card = replace(self, lots=tuple(lots))
        return card._paid(by, unit, (source, "available"), amount)

    def released(self, by: int) -> "Card":
        """Return the card after everything that is ripe can be used."""
        card = self
        for unit in sorted({lot.unit for lot in self.lots}):
            ripe = [lot for lot in card.lots if lot.unit == unit and _is_ripe(lot)]
            amount = sum(lot.left for lot in ripe)
            if amount:
                lots = tuple(
                    replace(lot, account="available") if lot in ripe else lot for lot in card.lots
                )
                way = "pending", "available"
                card = replace(card, lots=lots)._paid(by, unit, way, amount)
        return card

    def expired(self, by: int) -> "Card":
        """Return the card after everything that ended is gone."""
        over: dict[str, int] = {}
        for lot in self.lots:
            if lot.account == "available" and lot.ends is not None and lot.ends <= 0 and lot.left:
                over[lot.unit] = over.get(lot.unit, 0) + lot.left
        card = self
        for unit, amount in over.items():
            card = card.moved(by, unit, ("available", "expired"), amount)
        return card

    def changed(self, before: "Card") -> "Card":
        """Return the card with one transaction more, if it is another one than before."""
        return self if self == before else replace(self, changes=before.changes + 1)

    def aged(self, before: int, ends: int) -> "Card":
        """Return the card whose lots that end on one day end on another."""
        lots = (replace(lot, ends=ends) if lot.ends == before else lot for lot in self.lots)
        return replace(self, lots=tuple(lots))

    def ripened(self) -> "Card":
        """Return the card whose pending lots were held back long enough."""
        lots = (
            replace(lot, is_ripe=True) if lot.account == "pending" else lot for lot in self.lots
        )
        return replace(self, lots=tuple(lots))

    def _paid(self, by: int, unit: str, way: tuple[str, str], amount: int) -> "Card":
        owed = max(-self.of(unit, way[1]), 0)
        card = self._shift(unit, way, amount)
        return card._take(by, (unit, way[1]), min(owed, amount), ())

    def _shift(self, unit: str, way: tuple[str, str], amount: int) -> "Card":
        source, destination = way
        balances = dict(self.balances)
        balances[unit, source] = self.of(unit, source) - amount
        balances[unit, destination] = self.of(unit, destination) + amount
        return replace(self, balances=balances)

    def _take(self, by: int, kind: tuple[str, str], amount: int, first: tuple[int, ...]) -> "Card":
        if not amount:
            return self
        lots, parts, need = list(self.lots), list(self.taken.get((by, kind[0]), ())), amount
        places = [n for n, lot in enumerate(lots) if (lot.unit, lot.account) == kind and lot.left]
        places.sort(key=lambda n: (lots[n].by not in first, _end(lots[n]), n))
        for place in places:
            part = min(need, lots[place].left)
            if part:
                lots[place] = replace(lots[place], left=lots[place].left - part)
                parts.append((place, part))
                need -= part
        assert not need, "the model's own lots add up"
        taken = dict(self.taken) | {(by, kind[0]): tuple(parts)}
        return replace(self, lots=tuple(lots), taken=taken)


def _is_ripe(lot: Lot) -> bool:
    return lot.account == "pending" and lot.is_ripe and lot.left > 0


def _end(lot: Lot) -> float:
    return float("inf") if lot.ends is None else lot.ends
