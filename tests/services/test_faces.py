"""The face of a card in a wallet: what its points can be spent on."""

from gateway.presenters.card_face import Prize
from gateway.services.wallets.faces import prizes_of
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf
from tests.plans import tier_plan
from tests.sales import open_till
from tests.shops import Shop


async def prizes(shop: Shop) -> list[Prize]:
    """Return what the first card's points can be spent on."""
    async with shop.database.units(shop.merchant_id) as unit:
        return list(await prizes_of(unit, await unit.cards.one(shop.cards[0])))


async def test_points_can_be_spent_on_what_is_on_the_shelf(books_of_record: Database) -> None:
    """Cheapest first, with what needs more points, and without what the card may not have."""
    till = await open_till(books_of_record, plan=tier_plan())
    await put_on_shelf(till.shop, name="A cake", unit="point", cost=500)
    await put_on_shelf(till.shop, name="A cookie", unit="point", cost=100)
    await put_on_shelf(till.shop, name="A feast", unit="point", cost=90, tier_min="gold")
    await put_on_shelf(till.shop, stock=0, name="A mug", unit="point", cost=80)
    before = await prizes(till.shop)
    await till.tell(34_000)

    assert before == []
    assert await prizes(till.shop) == [
        Prize(name="A cookie", cost=100),
        Prize(name="A cake", cost=500),
    ]
