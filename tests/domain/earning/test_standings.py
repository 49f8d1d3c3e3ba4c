"""Standings: a card after something was posted on it."""

from datetime import timedelta

from gateway.domain.cards import Totals
from gateway.domain.earning.standings import standing_after
from gateway.domain.ledger import Account, Transfer
from gateway.domain.rules.outcomes import Day, RuleMemory
from tests.domain.earning.tills import TODAY, holding

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def test_everything_that_was_posted_is_on_the_card() -> None:
    """Balances, the day, totals and memory; what nobody touched stays."""
    before = holding(
        "stamp",
        3,
        days=(Day(day=TODAY, earnings=1, visits=1, spent=10, points=2, given={"a": 1, "b": 2}),),
        totals=Totals(visits=5, spent=100, points=20),
        memory={"a": RuleMemory(count=1), "b": RuleMemory(count=2)},
    )
    change = Day(day=TODAY, earnings=2, visits=3, spent=4, points=5, given={"b": -2, "c": 6})
    transfers = (Transfer("stamp", Account.ISSUED, Account.AVAILABLE, 4),)
    after = standing_after(before, transfers, change, {"b": RuleMemory(count=9)})

    assert after.version == before.version + 1
    assert after.available("stamp") == 7
    assert after.days == (
        Day(day=TODAY, earnings=3, visits=4, spent=14, points=7, given={"a": 1, "b": 0, "c": 6}),
    )
    assert after.totals == Totals(visits=8, spent=104, points=25)
    assert after.memory == {"a": RuleMemory(count=1), "b": RuleMemory(count=9)}
    assert after.card_id == before.card_id


def test_days_stay_in_order() -> None:
    """A refund of an earlier day may make a day that nobody looked back on."""
    before = holding("stamp", 0, days=(Day(day=TODAY), Day(day=TOMORROW)))
    after = standing_after(before, (), Day(day=YESTERDAY, spent=-5), {})
    assert [day.day for day in after.days] == [YESTERDAY, TODAY, TOMORROW]
    assert after.days[0].spent == -5
