"""What can be wrong with the rows of a card's face: too many, or of fields there are not.

Source: https://developers.google.com/wallet/retail/loyalty-cards/resources/template
"""

import re
from collections.abc import Iterator

from passes.errors import Problem
from passes.google.card import CardRow, LoyaltyClass
from passes.google.checks.text_rules import count_problems

ROWS_MAX = 3
ROW_VALUES_MAX = 3

_MODULE = re.compile(r"(object|class)\.textModulesData\['([A-Za-z0-9_-]+)'\]")
_FIELDS = frozenset(
    {
        "class.issuerName",
        "class.programName",
        "object.loyaltyPoints.balance",
        "object.loyaltyPoints.label",
        "object.secondaryLoyaltyPoints.balance",
        "object.secondaryLoyaltyPoints.label",
        "object.validTimeInterval.end",
        "object.validTimeInterval.start",
    }
)


def template_problems(content: LoyaltyClass) -> Iterator[Problem]:
    """Find rows beyond the three shown, and values that would stay empty."""
    path = "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos"
    yield from count_problems(path, len(content.card_rows), ROWS_MAX)
    modules = {module.id for module in content.text_modules}
    for index, row in enumerate(content.card_rows):
        yield from _row_problems(row, f"{path}[{index}]", modules)


def _row_problems(row: CardRow, where: str, modules: set[str]) -> Iterator[Problem]:
    if not 1 <= len(row.paths) <= ROW_VALUES_MAX:
        sentence = f"A row has one to {ROW_VALUES_MAX} values, and this has {len(row.paths)}."
        yield Problem("row.length", where, sentence)
    for path in row.paths:
        if not _leads_somewhere(path, modules):
            yield Problem("row.path", where, f"{path!r} is no field of our cards.")


def _leads_somewhere(path: str, modules: set[str]) -> bool:
    named = _MODULE.fullmatch(path)
    if named is None:
        return path in _FIELDS
    # Which modules an object has, only the object knows.
    return named[1] == "object" or named[2] in modules
