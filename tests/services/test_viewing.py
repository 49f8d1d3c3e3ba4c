"""What is shown of a card: also what is held back, and from when it can be used."""

from dataclasses import replace

from gateway.domain.ledger import Account
from gateway.services.cards.viewing import view_card
from gateway.storage.database import Database
from tests.plans import points_plan
from tests.sales import open_till


async def test_points_held_back_are_shown_with_their_day(books_of_record: Database) -> None:
    """Together when they can be used together, and not among what can be spent."""
    till = await open_till(books_of_record, plan=replace(points_plan(), pending_days=14))
    await till.tell(12_000)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        view = await view_card(unit, await unit.cards.one(till.shop.cards[0]))

    (part,) = view.waiting
    assert (part.unit, part.account, part.amount) == ("point", Account.PENDING, 120)
    assert part.usable_from is not None
    assert view.card.available("point") == 0
