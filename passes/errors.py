"""What can be wrong with a pass, or with the certificate that should sign it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, the place, and a sentence for people.

    `where` is the path of the value as a wallet names it, for example
    ``storeCard.secondaryFields[0].value`` or ``strip@2x.png``.
    """

    code: str
    where: str
    sentence: str

    def __str__(self) -> str:
        """Say the place and the sentence, as a log line or a form would show it."""
        return f"{self.where}: {self.sentence}"


class InvalidPass(ValueError):
    """A pass was not signed because a wallet would refuse it or drop part of it.

    Carries every problem found, so that one round of repair is enough.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep all problems; the message is their sentences, one after the other."""
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class UnusableSigner(ValueError):
    """A certificate, key or intermediate cannot sign passes; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep all problems; the message is their sentences, one after the other."""
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))
