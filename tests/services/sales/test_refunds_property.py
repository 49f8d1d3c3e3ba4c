"""Whatever states of whatever sales arrive in whatever order, a card ends exact (property)."""

import asyncio
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.domain.ledger import Account
from gateway.domain.rules.keys import remainder
from gateway.domain.rules.plan import NegativeBalance, Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import EarnBasis, StampEarnRule, StampRule
from tests.database import Databases
from tests.ledgers import spend
from tests.plans import UNLIMITED, points_plan
from tests.sales import open_till
from tests.shops import opened

EXAMPLES = 12
SALES = 3
PRICE = 500

States = st.lists(
    st.tuples(
        st.integers(0, SALES - 1), st.integers(0, 3_000), st.integers(0, 3_000), st.booleans()
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=States, pending=st.booleans(), spent=st.integers(0, 40))
def test_a_card_ends_with_what_the_last_states_are_worth(
    databases: Databases, told: list[tuple[int, int, int, bool]], *, pending: bool, spent: int
) -> None:
    """Points available, pending and spent are those of each sale's highest totals."""
    with databases.fresh() as database:
        asyncio.run(_try(database.app_dsn, told, pending=pending, spent=spent))


async def _try(
    url: str, told: list[tuple[int, int, int, bool]], *, pending: bool, spent: int
) -> None:
    plan = replace(
        points_plan(),
        pending_days=7 if pending else 0,
        negative_balance=NegativeBalance.ALLOW_NEGATIVE,
    )
    async with opened(url) as ready:
        till = await open_till(ready, plan=plan)
        totals: dict[int, tuple[int, int]] = {}
        taken = 0
        for sale, kept, refunded, is_spending in told:
            paid = kept + refunded
            await asyncio.gather(
                *(till.tell(paid, refunded, reference=f"r{sale}") for _ in range(2))
            )
            before = totals.get(sale, (0, 0))
            totals[sale] = max(paid, before[0]), max(refunded, before[1])
            there = await till.points()
            if is_spending and 0 < spent <= there:
                await spend(till.shop, till.shop.cards[0], "point", spent)
                taken += spent
        worth = sum((paid - refunded) // 100 for paid, refunded in totals.values())
        held = await till.points(account=Account.PENDING)
        assert await till.points() + held + taken == worth
        assert await till.points(account=Account.ISSUED) == -worth
        assert not await till.shop.violations()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=States)
def test_what_was_too_little_for_a_stamp_is_never_lost_or_doubled(
    databases: Databases, told: list[tuple[int, int, int, bool]]
) -> None:
    """Stamps at their price and the rest together are what was paid and not refunded."""
    with databases.fresh() as database:
        asyncio.run(_try_stamps(database.app_dsn, told))


async def _try_stamps(url: str, told: list[tuple[int, int, int, bool]]) -> None:
    earn = StampEarnRule(type=EarnBasis.PER_DOLLAR, value=PRICE, carry_remainder=True)
    rule = StampRule(
        stamps_required=10, stamp_earn_rule=earn, reward=FreeItem(description="Coffee")
    )
    async with opened(url) as ready:
        till = await open_till(ready, plan=Plan(rules=(rule,), limits=UNLIMITED))
        totals: dict[int, tuple[int, int]] = {}
        for sale, kept, refunded, _ in told:
            paid = kept + refunded
            await till.tell(paid, refunded, reference=f"r{sale}")
            before = totals.get(sale, (0, 0))
            totals[sale] = max(paid, before[0]), max(refunded, before[1])
        async with till.shop.database.units(till.shop.merchant_id) as unit:
            card = await unit.cards.one(till.shop.cards[0])
        stamps, rest = card.available("stamp"), card.available(remainder(rule.key))
        assert stamps * PRICE + rest == sum(paid - refunded for paid, refunded in totals.values())
        assert not await till.shop.violations()
