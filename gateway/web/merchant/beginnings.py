"""What a new program begins with: a template of its industry, or a rule of one kind."""

import copy
from collections.abc import Mapping

from gateway.domain.configurations.writing import written
from gateway.domain.errors import NotFound
from gateway.domain.programs import Look
from gateway.domain.rules.plan import Limits
from gateway.domain.templates.catalogue import template
from gateway.web.merchant.design_forms import DesignForm, new_form
from gateway.web.merchant.plan_fields import Document

_REWARD = {"type": "free_item", "description": ""}

RULE_TYPES: Mapping[str, str] = {
    "stamp_card": "Stamp card",
    "punch_card": "Punch card",
    "points_based": "Points",
    "amount_spent": "Reward for spending",
    "visit_frequency": "Reward for visits",
    "tier_based": "Points with tiers",
}
"""What merchants call each kind of rule."""

_POINTS = {"type": "points_based", "points_per_dollar": "1"}
_RULES: Mapping[str, list[Document]] = {
    "stamp_card": [{"type": "stamp_card", "stamps_required": 10, "reward": _REWARD}],
    "punch_card": [{"type": "punch_card", "punches_required": 8, "reward": _REWARD}],
    "points_based": [_POINTS],
    "amount_spent": [{"type": "amount_spent", "threshold_amount": 10_000, "reward": _REWARD}],
    "visit_frequency": [{"type": "visit_frequency", "visits_required": 5, "reward": _REWARD}],
    "tier_based": [
        _POINTS,
        {
            "type": "tier_based",
            "tiers": [
                {
                    "key": key,
                    "name": key.title(),
                    "threshold": {"type": "spending", "value": value},
                }
                for key, value in (("silver", 25_000), ("gold", 100_000))
            ],
        },
    ],
}


def from_template(key: str) -> DesignForm:
    """Return the form filled in with a template; raises `NotFound`."""
    chosen = template(key)
    return new_form(chosen.name, chosen.description, chosen.look, written(chosen.plan))


def from_rule_type(kind: str) -> DesignForm:
    """Return the form of a program with one rule, which lacks its words; raises `NotFound`."""
    rules = _RULES.get(kind)
    if rules is None:
        raise NotFound("There is no such kind of rule.")
    plan = {"rules": copy.deepcopy(rules), "limits": written(Limits())}
    return new_form("", "", Look(), plan)
