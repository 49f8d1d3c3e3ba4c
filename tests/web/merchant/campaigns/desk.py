"""A shopfront's campaigns to test with: a form that can be sent, and holders who agreed."""

from uuid import UUID

from gateway.domain.consents import Medium
from gateway.resources import new_id
from gateway.services.campaigns.drafting import write_draft
from gateway.services.merchants.designing import Author
from tests.campaigns import add_holders, make_plan
from tests.shopfront import ORIGIN, Browser, Shopfront
from tests.shops import Shop

LIST = "/merchant/campaigns"
NEW = f"{LIST}/new"
TYPED = {
    "name": "Cake week",
    "mail": "on",
    "apple": "on",
    "en.subject": "Cake at {{ merchant }}",
    "en.body": "Hello,\r\n\r\ncome and try our cake.",
    "en.wallet": "Cake today!",
    "when": "now",
}


def shop_of(front: Shopfront) -> Shop:
    """Return the same merchant as makers of holders take it."""
    return Shop(front.resources.database, front.owner, front.location, front.program, (), ())


async def welcome(front: Shopfront) -> None:
    """Let five customers join of whom three agree to offers by mail."""
    await add_holders(shop_of(front), 3, Medium.MAIL)
    await add_holders(shop_of(front), 2)


async def drafted(front: Shopfront) -> UUID:
    """Write a draft for the mail."""
    author = Author(principal=front.owner, origin=ORIGIN, new_id=new_id)
    async with front.resources.units(front.merchant.id) as unit:
        return (await write_draft(unit, make_plan(), author)).id


async def written(browser: Browser, **changes: str) -> str:
    """Save a draft by its form, and return the address of its page."""
    response = await browser.send(NEW, TYPED | {"do": "save"} | changes)
    assert response.status == 303, await response.text()
    return response.headers["Location"].partition("?")[0]
