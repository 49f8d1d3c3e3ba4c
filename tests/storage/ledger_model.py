"""What a card should do, told in plain numbers: the model our ledger is compared with."""

from dataclasses import dataclass, field, replace
from itertools import permutations

COST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One command: what to do, and to which of the card's stamps or redemptions, by number."""

    verb: str
    target: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A card: balances, changes so far, and how its stamps and redemptions stand."""

    available: int = 0
    reserved: int = 0
    changes: int = 0
    stamps: tuple[bool, ...] = ()
    redemptions: tuple[str, ...] = field(default=())

    def after(self, step: Step) -> tuple["Model", str]:
        """Return the card after a step, and `done` or the code of the refusal."""
        if step.verb == "stamp":
            card = replace(self, stamps=(*self.stamps, True), available=self.available + 1)
        elif step.verb == "undo":
            return self._undo(step.target)
        elif step.verb == "reserve":
            if self.available < COST:
                return self, "not_enough"
            card = replace(
                self,
                available=self.available - COST,
                reserved=self.reserved + COST,
                redemptions=(*self.redemptions, "reserved"),
            )
        else:
            return self._end(step)
        return replace(card, changes=self.changes + 1), "done"

    def _undo(self, number: int) -> tuple["Model", str]:
        if not self.stamps[number]:
            return self, "already_reversed"
        if not self.available:
            return self, "not_reversible"
        stamps = (*self.stamps[:number], False, *self.stamps[number + 1 :])
        card = replace(self, stamps=stamps, available=self.available - 1)
        return replace(card, changes=self.changes + 1), "done"

    def _end(self, step: Step) -> tuple["Model", str]:
        if self.redemptions[step.target] != "reserved":
            return self, "redemption_closed"
        before, after = self.redemptions[: step.target], self.redemptions[step.target + 1 :]
        back = 0 if step.verb == "redeem" else COST
        card = replace(
            self,
            available=self.available + back,
            reserved=self.reserved - COST,
            changes=self.changes + 1,
            redemptions=(*before, step.verb, *after),
        )
        return card, "done"


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer said: `done` or the code of the refusal, and the stamps at hand after it."""

    code: str
    available: int | None = None


def explain(model: Model, steps: list[Step], answers: list[Told]) -> Model | None:
    """Return the card after steps taken at once, or None when no order explains the answers."""
    for order in permutations(range(len(steps))):
        card, fits = model, True
        for number in order:
            card, code = card.after(steps[number])
            told = Told(code, card.available if code == "done" else None)
            fits = fits and told == answers[number]
        if fits:
            return card
    return None
