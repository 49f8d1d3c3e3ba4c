"""The card as a customer will see it, while its merchant is still typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import leading
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.visits import VisitRule
from gateway.presenters.contrasts import is_readable
from gateway.presenters.web_card import WebCard, draw
from gateway.services.merchants.designing import Design
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.design_forms import read_design
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields

SAMPLE_SHARE = 0.6
SAMPLE_POINTS = 120
_NAME, _REWARD = "Your program", "Your reward"
_NOBODY = UUID(int=0)
_REWARD_ENDING = "/reward/description"


@dataclass(frozen=True, slots=True)
class Sample:
    """A card with something on it, and whether its colours can be read."""

    card: WebCard
    is_readable: bool


async def preview(request: web.Request, fields: Fields) -> web.Response:
    """Draw the card of a form; raises `ConfigurationInvalid` while the form makes no card."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        zone = await unit.merchants.time_zone()
    return page(request, "merchant/_preview.html", sample=sample_of(merchant.name, fields, zone))


def sample_of(merchant: str, fields: Mapping[str, str], zone: str) -> Sample:
    """Return the card of a form; what is not written yet is written for it."""
    words = {"name": fields.get("name") or _NAME} | {
        name: text or _REWARD for name, text in fields.items() if name.endswith(_REWARD_ENDING)
    }
    return drawn(merchant, read_design(dict(fields) | words, zone))


def drawn(merchant: str, design: Design) -> Sample:
    """Return the card of a design, more than half full."""
    version = ProgramVersion(
        id=_NOBODY,
        program_id=_NOBODY,
        number=1,
        name=design.name,
        plan=design.plan,
        look=design.look,
    )
    balances, memory = _standing(design.plan)
    return Sample(draw(merchant, version, balances, memory), is_readable(design.look))


def _standing(plan: Plan) -> tuple[Balances, Mapping[str, RuleMemory]]:
    rule = leading(plan)
    match rule:
        case StampRule() | PunchRule():
            return {rule.unit: {Account.AVAILABLE: _share(rule.target)}}, {}
        case SpendingRule():
            return {}, {rule.key: RuleMemory(count=_share(rule.threshold_amount))}
        case VisitRule():
            return {}, {rule.key: RuleMemory(count=_share(rule.visits_required))}
        case _:
            return {POINT: {Account.AVAILABLE: SAMPLE_POINTS}}, {}


def _share(target: int) -> int:
    return max(1, int(target * SAMPLE_SHARE))
