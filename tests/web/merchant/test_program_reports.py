"""The report of a program on the merchant's pages: numbers, their formulas, and odd periods."""

import re
from dataclasses import replace

import pytest

from tests.shopfront import Browser, Shopfront
from tests.shops import Shop, add_cards

_ROW = re.compile(r'<tr><th scope="row">([^<]+)</th><td>([^<]*)</td><td class="quiet">([^<]+)')


def page_of(shop: Shopfront) -> str:
    """Return the address of the report."""
    return f"/merchant/programs/{shop.program.id}/report"


async def stamped(shop: Shopfront, stamps: int) -> None:
    """Give a member so many stamps."""
    counter = Shop(
        shop.resources.database,
        replace(shop.owner, staff_id=None),
        shop.location,
        shop.program,
        (),
        (),
    )
    counter = replace(counter, cards=tuple(await add_cards(counter, 1)))
    for _ in range(stamps):
        await counter.stamp()


async def test_each_number_stands_beside_its_formula(browser: Browser, shop: Shopfront) -> None:
    """Of this month unless asked otherwise; the program's page leads there."""
    await stamped(shop, 1)
    page = page_of(shop)
    assert page in await browser.read(page.removesuffix("/report"))
    text = await browser.read(page)
    rows = {name: (number, formula) for name, number, formula in _ROW.findall(text)}
    assert rows["issued"] == ("1", "what cards earned in the period")
    assert rows["closing"][0] == "1"
    assert '<th scope="row">never</th><td>1</td><td>stamp</td>' in text


async def test_where_nothing_moved_there_is_no_table(browser: Browser, shop: Shopfront) -> None:
    """What ends when is of this moment all the same."""
    text = await browser.read(f"{page_of(shop)}?since=2020-01-01&until=2020-01-31")
    assert "Nothing moved." in text
    assert 'value="2020-01-31"' in text


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-02-01", "2026-01-31"),
        ("2020-01-01", "2026-01-01"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-30", "9999-12-31"),
    ],
)
async def test_a_period_nobody_can_mean_is_said_to_be_one(
    browser: Browser, shop: Shopfront, since: str, until: str
) -> None:
    """With the days as they were typed, to be put right."""
    text = await browser.read(f"{page_of(shop)}?since={since}&until={until}", 400)
    assert "at most three years" in text
    assert f'value="{since}"' in text


async def test_what_is_no_day_and_no_program_is_not_there(
    browser: Browser, shop: Shopfront
) -> None:
    """Neither is guessed."""
    await browser.read(f"{page_of(shop)}?since=yesterday", 400)
    await browser.read(f"/merchant/programs/{shop.merchant.id}/report", 404)
