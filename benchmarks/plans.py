"""The plans that are measured, as merchants write them: one per type of rule, and all at once."""

from collections.abc import Mapping

COFFEE = {"type": "free_item", "description": "A free coffee"}
FREE_OF_LIMITS = {"cooldown_minutes": 0, "daily_limit": 1_000}

POINTS = {
    "type": "points_based",
    "points_per_dollar": "1.5",
    "category_multipliers": {"pastry": "2"},
    "minimum_purchase_amount": 100,
}
PUNCHES = {"type": "punch_card", "punches_required": 10, "reward": COFFEE}
SPENDING = {
    "type": "amount_spent",
    "threshold_amount": 1_000_000,
    "reset_period": "yearly",
    "reward": COFFEE,
}
TIERS = {
    "type": "tier_based",
    "window": "rolling",
    "tiers": [
        {
            "key": f"tier_{number}",
            "name": f"Tier {number}",
            "threshold": {"type": "visits", "value": number * 10, "period": "yearly"},
            "multipliers": {"point": f"1.{number}"},
        }
        for number in range(1, 6)
    ],
}
VISITS = {"type": "visit_frequency", "visits_required": 10, "within_days": 30, "reward": COFFEE}
STAMPS = {"type": "stamp_card", "stamps_required": 10, "reward": COFFEE}

PROMOTIONS = [
    {
        "key": "weeks",
        "name": "Double weeks",
        "rule": "points",
        "effect": {"type": "multiplier", "times": "2"},
        "starts_at": "2020-01-01T00:00:00Z",
        "ends_at": "2099-01-01T00:00:00Z",
    },
    {
        "key": "pastry",
        "name": "Pastry bonus",
        "rule": "points",
        "effect": {"type": "bonus", "amount": 5},
        "category_filter": "pastry",
        "starts_at": "2020-01-01T00:00:00Z",
        "ends_at": "2099-01-01T00:00:00Z",
    },
]
CAPS = [
    {"unit": "point", "per": "transaction", "amount": 500},
    {"unit": "point", "per": "day", "amount": 5_000},
    {"unit": "point", "per": "month", "amount": 50_000},
]


def _of(*rules: Mapping[str, object]) -> dict[str, object]:
    return {"rules": list(rules), "limits": FREE_OF_LIMITS}


PLANS: Mapping[str, Mapping[str, object]] = {
    "points_based": _of(POINTS),
    "punch_card": _of(PUNCHES),
    "amount_spent": _of(SPENDING),
    "tier_based": _of(POINTS, TIERS),
    "visit_frequency": _of(VISITS),
    "stamp_card": _of(STAMPS),
    "hybrid": {
        "rules": [POINTS, STAMPS, SPENDING, VISITS, TIERS],
        "limits": FREE_OF_LIMITS,
        "promotions": PROMOTIONS,
        "caps": CAPS,
        "expiry": {"type": "rolling", "months": 12},
    },
}
"""By the type of their rule; tiers with the points they multiply, `hybrid` with everything."""
