"""Purchases at the till, and what the customer's page says of them, over HTTP without scripts."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from gateway.domain.rewards import Reward, RewardDesign
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.resources import new_id
from tests.database import Database
from tests.plans import TIERS, UNLIMITED
from tests.shopfront import Browser, Shopfront, open_shop, opened, pair, served, sign_in

POINTS = PointsRule(points_per_dollar=Decimal(1), category_multipliers={"beans": Decimal(3)})
PLAN = replace(Plan(rules=(POINTS, TIERS), limits=UNLIMITED), expiry=RollingExpiry(months=12))


@dataclass(frozen=True, slots=True)
class Till:
    """A till with somebody at it, and a customer's card before it."""

    shop: Shopfront
    browser: Browser
    token: str
    page: str

    async def sell(
        self, amount: int, name: str, key: str | None = None, **more: object
    ) -> tuple[int, dict[str, Any]]:
        """Record a purchase."""
        card_id = self.page.rpartition("/")[2]
        asked = {"card_id": card_id, "reference": name, "amount_minor": amount} | more
        response = await self.browser.ask(
            "/till/api/sales", asked, token=self.token, key=key or uuid4().hex
        )
        return response.status, await response.json(content_type=None)


@pytest.fixture
async def till(database: Database) -> AsyncIterator[Till]:
    """The till of a shop that gives points and levels."""
    async with opened(database) as resources:
        shop = await open_shop(resources, plan=PLAN)
        async with served(resources) as browser:
            await pair(browser, shop)
            page = await browser.join("anna@mail.example")
            yield Till(shop, browser, await sign_in(browser, shop), page)


async def test_the_till_is_told_what_to_ask(till: Till) -> None:
    """The amount in the program's currency, and the categories that make a difference."""
    code = re.search(r"LC1-[A-Z2-7]{20}", await till.browser.read(till.page))
    assert code is not None
    response = await till.browser.ask("/till/api/look-ups", {"code": code[0]}, token=till.token)
    card = await response.json(content_type=None)

    assert card["asks"] == {"currency": "EUR", "digits": 2, "categories": ["beans"]}
    assert (card["standing"]["kind"], card["standing"]["text"]) == ("Points card", "0 points")


async def test_a_purchase_is_recorded_once_however_often_it_is_sent(till: Till) -> None:
    """Under the same key the same answer, and under another the same purchase."""
    reference = str(uuid4())
    first = await till.sell(1_250, reference, "k1", category="beans")
    again = await till.sell(1_250, reference, "k1", category="beans")
    _, later = await till.sell(1_250, reference, "k2", category="beans")

    assert (first[0], first[1]["given"]) == (200, [{"unit": "point", "amount": 37}])
    assert again == first
    assert (later["given"], later["progress"]["text"]) == ([], "37 points")


async def test_a_wrong_purchase_is_taken_back(till: Till) -> None:
    """All it gave, by the purchase's own name."""
    reference = str(uuid4())
    await till.sell(12_000, reference)
    status, taken = await till.sell(12_000, reference, is_void=True)

    assert (status, taken["progress"]["text"]) == (200, "0 points")


@pytest.mark.parametrize(
    "wrong", [{"amount_minor": 0}, {"amount_minor": 12.5}, {"category": ""}, {"reference": "1"}]
)
async def test_a_purchase_that_cannot_be_is_refused(till: Till, wrong: dict[str, object]) -> None:
    """Before anything is looked up."""
    status, _ = await till.sell(100, str(uuid4()), None, **wrong)

    assert status == 400


async def test_the_customer_reads_levels_deadlines_rewards_and_history(till: Till) -> None:
    """What they have, until when, what it is good for, and what is missing for more."""
    program = till.shop.program
    cake = RewardDesign(name="A cake", unit="point", cost=500)
    async with till.shop.resources.units(till.shop.merchant.id) as unit:
        await unit.rewards.add(Reward(id=new_id(), program_id=program.id, design=cake), unit.now)
    await till.sell(34_000, str(uuid4()))
    text = " ".join(re.sub(r"<[^>]+>", " ", await till.browser.read(till.page)).split())

    assert "340 points Level Silver" in text
    assert "Use it in time 340 points until" in text
    assert "A cake 500 points 160 more points to go for A cake." in text
    assert re.search(r"Silver Your level: A free birthday coffee Gold .* 160\.00 EUR more", text)
    assert "Collected +340 points" in text
