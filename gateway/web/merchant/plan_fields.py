"""The leading settings of each kind of rule, as fields of a form over a plan written as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from gateway.domain.money import exponent

TIERS_SHOWN_MAX = 8
RULES_SHOWN_MAX = 4
NUMBER_CHARACTERS_MAX = 15

Document = dict[str, Any]


class FieldKind(StrEnum):
    """What is typed into a field; money in whole units, like 3.50."""

    TEXT = "text"
    NUMBER = "number"
    FRACTION = "fraction"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class PlanField:
    """A setting of a plan; `pointer` is its place in the plan."""

    pointer: str
    label: str
    kind: FieldKind
    hint: str = ""
    is_optional: bool = False


_N, _F, _M, _T = FieldKind.NUMBER, FieldKind.FRACTION, FieldKind.MONEY, FieldKind.TEXT
_REWARD = PlanField("reward/description", "Reward", _T, "What it brings: “Free coffee”")
_MINIMUM = PlanField(
    "minimum_purchase_amount", "Minimum purchase", _M, "Empty for none", is_optional=True
)
_OF_RULE: Mapping[str, tuple[PlanField, ...]] = {
    "stamp_card": (_REWARD, PlanField("stamps_required", "Stamps", _N, "2 to 50")),
    "punch_card": (_REWARD, PlanField("punches_required", "Punches", _N, "2 to 50"), _MINIMUM),
    "points_based": (
        PlanField("points_per_dollar", "Points for 1.00", _F, "Like 1 or 0.5"),
        _MINIMUM,
    ),
    "amount_spent": (_REWARD, PlanField("threshold_amount", "Spent for a reward", _M)),
    "visit_frequency": (
        _REWARD,
        PlanField("visits_required", "Visits", _N, "2 to 365"),
        PlanField("within_days", "Within days", _N, "1 to 366", is_optional=True),
    ),
}
_LIMITS = (
    PlanField("/limits/cooldown_minutes", "Minutes between", _N, "0 for none"),
    PlanField("/limits/daily_limit", "Most per day", _N, "per card"),
)


def plan_fields(plan: Document) -> tuple[PlanField, ...]:
    """Return the fields of a plan, those of its rules first; what is not readable has none."""
    return (*_rule_fields(plan), *_LIMITS)


def typed(plan: Document, field: PlanField) -> str:
    """Return what stands in a field."""
    value = _found(plan, field.pointer)
    if value is None:
        return ""
    if field.kind is FieldKind.MONEY and isinstance(value, int):
        digits = exponent(currency_of(plan))
        return f"{Decimal(value).scaleb(-digits):.{digits}f}"
    return str(value)


def put(plan: Document, field: PlanField, text: str) -> None:
    """Write what was typed into a plan; what cannot be read stays as it was typed, a fault.

    An empty optional field takes the setting away.
    """
    *path, last = field.pointer.lstrip("/").split("/")
    inside: Any = plan
    for name in path:
        inside = _step(inside, name, is_made=True)
    if not isinstance(inside, dict):
        return
    if not text and field.is_optional:
        inside.pop(last, None)
    else:
        inside[last] = _value(field.kind, text, currency_of(plan))


def currency_of(plan: Document) -> str:
    """Return the currency in which a plan counts money, as far as it can be read."""
    currency = plan.get("currency", "EUR")
    return currency if isinstance(currency, str) else "EUR"


def _value(kind: FieldKind, text: str, currency: str) -> object:
    is_short = len(text) <= NUMBER_CHARACTERS_MAX
    match kind:
        case FieldKind.NUMBER if is_short and text.isascii() and text.isdecimal():
            return int(text)
        case FieldKind.MONEY if is_short:
            return _minor(text, exponent(currency))
        case _:
            return text


def _minor(text: str, digits: int) -> object:
    try:
        amount = Decimal(text.replace(",", ".")).scaleb(digits)
    except InvalidOperation:
        return text
    return int(amount) if amount.is_finite() and amount == amount.to_integral_value() else text


def _rule_fields(plan: Document) -> Iterator[PlanField]:
    rules = plan.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if index == RULES_SHOWN_MAX:
            return
        kind = rule.get("type") if isinstance(rule, dict) else None
        for field in _OF_RULE.get(str(kind), ()):
            yield _placed(field, f"/rules/{index}/{field.pointer}")
        if kind == "tier_based":
            yield from _tier_fields(rule, f"/rules/{index}/tiers")


def _tier_fields(rule: Document, pointer: str) -> Iterator[PlanField]:
    tiers = rule.get("tiers")
    for index, tier in enumerate(tiers if isinstance(tiers, list) else ()):
        if index == TIERS_SHOWN_MAX:
            return
        place = f"{pointer}/{index}"
        measure = _found(tier, "/threshold/type") if isinstance(tier, dict) else None
        kind = FieldKind.MONEY if measure == "spending" else FieldKind.NUMBER
        yield PlanField(f"{place}/name", f"Tier {index + 1}", FieldKind.TEXT)
        yield PlanField(f"{place}/threshold/value", f"Reached with {measure or 'this'}", kind)


def _placed(field: PlanField, pointer: str) -> PlanField:
    return PlanField(pointer, field.label, field.kind, field.hint, field.is_optional)


def _found(plan: Document, pointer: str) -> object:
    inside: Any = plan
    for name in pointer.lstrip("/").split("/"):
        inside = _step(inside, name)
    return inside


def _step(inside: object, name: str, *, is_made: bool = False) -> object:
    if isinstance(inside, dict):
        return inside.setdefault(name, {}) if is_made else inside.get(name)
    if isinstance(inside, list) and name.isdecimal() and int(name) < len(inside):
        return inside[int(name)]
    return None
