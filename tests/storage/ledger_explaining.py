"""Explaining what was answered: by the orders in which steps taken at once may have happened."""

from collections.abc import Sequence
from itertools import permutations

from tests.storage.ledger_model import Model
from tests.storage.ledger_shapes import Books, Step, Told


def explain(
    models: Sequence[Model], steps: Sequence[Step], answers: Sequence[Told], books: Books
) -> list[Model]:
    """Return every way things may be after steps taken at once: none when no order explains it."""
    found: list[Model] = []
    for model in models:
        for order in permutations(range(len(steps))):
            after, fits = model, True
            for number in order:
                after, told = after.after(steps[number])
                fits = fits and told == answers[number]
            if fits and after.books == books and after not in found:
                found.append(after)
    return found


def story(model: Model, steps: Sequence[Step], answers: Sequence[Told], books: Books) -> str:
    """Return in lines what was asked and answered, what the model says in that order, and see."""
    lines = [f"before: {model.cards}", f"sales: {model.sales}"]
    for step, answer in zip(steps, answers, strict=True):
        model, told = model.after(step)
        lines += [str(step), f"  answered {answer}", f"  expected {told}"]
    return "\n".join([*lines, f"shown    {books}", f"expected {model.books}"])
