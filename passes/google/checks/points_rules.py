"""What can be wrong with the numbers on a card: beyond what Google's types can hold."""

import math
import re
from collections.abc import Iterator

from passes.errors import Problem
from passes.google.checks.text_rules import text_problems, written_problems
from passes.google.points import Balance, Money, Points

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_CURRENCY = re.compile(r"[A-Z]{3}")


def points_problems(content: Points, where: str) -> Iterator[Problem]:
    """Find a label that says nothing and a balance that is none."""
    yield from text_problems(content.label, f"{where}.label")
    yield from _balance_problems(content.balance, f"{where}.balance")


def _balance_problems(balance: Balance, where: str) -> Iterator[Problem]:
    match balance:
        case str():
            yield from written_problems(balance, f"{where}.string")
        # Python counts True as one; a card that says so was not meant.
        case bool():
            yield Problem("balance.kind", where, "Yes and no are no balance.")
        case int() if not INT32_MIN <= balance <= INT32_MAX:
            sentence = "A whole number must fit into 32 bits; write a larger one as a text."
            yield Problem("balance.out-of-range", f"{where}.int", sentence)
        case float() if not math.isfinite(balance):
            yield Problem("balance.out-of-range", f"{where}.double", "This is no number.")
        case Money():
            yield from _money_problems(balance, f"{where}.money")
        case _:
            pass


def _money_problems(money: Money, where: str) -> Iterator[Problem]:
    if not INT64_MIN <= money.micros <= INT64_MAX:
        sentence = "An amount must fit into 64 bits."
        yield Problem("balance.out-of-range", f"{where}.micros", sentence)
    if not _CURRENCY.fullmatch(money.currency):
        sentence = "A currency is three letters, such as EUR (ISO 4217)."
        yield Problem("currency.invalid", f"{where}.currencyCode", sentence)
