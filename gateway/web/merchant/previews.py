"""The card as a customer will see it, while its merchant is still typing."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.domain.cards import progress
from gateway.presenters.contrasts import is_readable
from gateway.presenters.web_card import WebCard
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.design_forms import read_design
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields

SAMPLE_SHARE = 0.6
_NAME, _REWARD = "Your program", "Your reward"


@dataclass(frozen=True, slots=True)
class Sample:
    """A card with some stamps on it, and whether its colours can be read."""

    card: WebCard
    is_readable: bool


async def preview(request: web.Request, fields: Fields) -> web.Response:
    """Draw the card of a form; raises `Invalid` while the form makes no card."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return page(request, "merchant/_preview.html", sample=sample_of(merchant.name, fields))


def sample_of(merchant: str, fields: Mapping[str, str]) -> Sample:
    """Return the card of a form; what is not written yet is written for it."""
    words = {"name": fields.get("name") or _NAME, "reward": fields.get("reward") or _REWARD}
    design = read_design(dict(fields) | words)
    target = design.rule.target
    card = WebCard(
        merchant=merchant,
        program=design.name,
        reward=design.rule.reward,
        look=design.look,
        progress=progress(max(1, int(target * SAMPLE_SHARE)), target),
    )
    return Sample(card, is_readable(design.look))
