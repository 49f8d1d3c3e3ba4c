"""Letters: what is said about what just happened to a card, whatever it counts."""

from dataclasses import replace

from uuid_utils.compat import uuid7

from gateway.domain.messages import Channel
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import Milestone, StampRule
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters.message_values import values_of
from gateway.services.messages.letters import letters
from gateway.services.messages.links import MessageLinks
from gateway.storage.database import Database
from gateway.storage.messages.messages import Message
from tests.plans import UNLIMITED, tier_plan
from tests.sales import open_till
from tests.shops import Shop, open_shop

LINKS = MessageLinks(b"k" * 32, "https://cards.example")


async def said(
    shop: Shop, event: MessageEvent, facts: dict[str, object] | None = None
) -> dict[str, str]:
    """Return what stands for each placeholder in a message about the first card."""
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
        message = Message(
            id=uuid7(),
            event=event,
            channel=Channel.MAIL,
            customer_id=card.customer_id,
            card_id=card.id,
            facts=facts or {},
        )
        written = await letters(unit, [message], LINKS)
    return values_of(written[message.id].facts, Language.EN)


async def test_what_ends_soon_is_told_with_its_last_day(books_of_record: Database) -> None:
    """As the fact says it, in the customer's own time zone, whatever else is on the card."""
    plan = replace(tier_plan(), expiry=RollingExpiry(months=1))
    till = await open_till(books_of_record, plan=plan)
    await till.tell(34_000)
    fact = {"unit": "point", "amount": 120, "expires_at": "2027-01-01T00:00:00Z"}

    values = await said(till.shop, MessageEvent.EXPIRING, fact)

    assert (values["expiring"], values["expires_on"]) == ("120 points", "31 December 2026")
    assert values["balance"] == "340 points"


async def test_a_level_is_told_by_its_name(books_of_record: Database) -> None:
    """The one that the card has now, and a name for none."""
    till = await open_till(books_of_record, plan=tier_plan())
    before = await said(till.shop, MessageEvent.TIER_CHANGE)
    await till.tell(50_000)
    after = await said(till.shop, MessageEvent.TIER_CHANGE)

    assert (before["tier"], after["tier"]) == ("Member", "Gold")


async def test_a_reward_on_the_way_is_told_by_its_own_name(books_of_record: Database) -> None:
    """And not by that of the full card, which is not full yet."""
    cookie = Milestone(key="cookie", at=2, reward=FreeItem(description="A cookie"))
    rule = StampRule(
        stamps_required=3, reward=FreeItem(description="Coffee"), intermediate_rewards=(cookie,)
    )
    shop = await open_shop(books_of_record, plan=Plan(rules=(rule,), limits=UNLIMITED))
    await shop.fill(2)
    on_the_way = await said(shop, MessageEvent.REWARD_EARNED)
    await shop.fill(1)
    full = await said(shop, MessageEvent.REWARD_EARNED)

    assert (on_the_way["reward"], full["reward"]) == ("A cookie", "Coffee")
