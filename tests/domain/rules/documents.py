"""Documents of plans, as merchants write them, and what is said to them."""

from gateway.domain.configurations.reading import read
from gateway.domain.rules.faults import plan_faults
from gateway.domain.rules.plan import Plan

Document = dict[str, object]

COFFEE: Document = {"type": "free_item", "description": "A free coffee"}
POINTS: Document = {"type": "points_based", "points_per_dollar": "1"}
STAMPS: Document = {"type": "stamp_card", "stamps_required": 10, "reward": COFFEE}
PUNCHES: Document = {"type": "punch_card", "punches_required": 10, "reward": COFFEE}
SPENDING: Document = {"type": "amount_spent", "threshold_amount": 10_000, "reward": COFFEE}
VISITS: Document = {"type": "visit_frequency", "visits_required": 5, "reward": COFFEE}


def tier(key: str, value: int, **fields: object) -> Document:
    """Return a tier by yearly spending, or by what its `threshold` says instead."""
    threshold = {"type": "spending", "value": value, "period": "yearly"}
    return {"key": key, "name": key, "threshold": threshold} | fields


TIERS: Document = {"type": "tier_based", "tiers": [tier("silver", 100), tier("gold", 200)]}


def faults_of(*rules: Document, **fields: object) -> dict[str, str]:
    """Return what is said about a plan of these rules, each sentence by its pointer."""
    found = plan_faults(read(Plan, {"rules": list(rules)} | fields))
    assert len({fault.pointer for fault in found}) == len(found)
    return {fault.pointer: fault.sentence for fault in found}
