"""Adjustments on the merchant's pages: what waits for a second person, and when it has to."""

import re

from aiohttp import web

from gateway.domain.adjustments import AdjustmentStatus
from gateway.domain.errors import Refusal
from gateway.domain.ledger import AMOUNT_MAX
from gateway.domain.people import Permission
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.resources import new_id
from gateway.services.ledger.adjusting import DecideAdjustment, approve, refuse
from gateway.services.ledger.limiting import limit_alone
from gateway.services.merchants.designing import Author
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.form_commands import asked_by_form, refusal_of
from gateway.web.origins import origin
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id

PAGE = "/merchant/adjustments"
LIMIT = "/merchant/adjustments/limit"
_DIGITS = re.compile(r"[0-9]{1,12}")
_NO_LIMIT = f"Please give a whole number from 0 to {AMOUNT_MAX:,}."


async def adjustments_page(request: web.Request) -> web.Response:
    """List what was asked for and is not decided."""
    return await _shown(request)


async def decide_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Approve or refuse what somebody else asked for."""
    units, merchant_id = request.app[RESOURCES].units, request[PRINCIPAL].merchant_id
    adjustment_id = path_id(request, "adjustment_id")
    async with units(merchant_id) as unit:
        adjustment = await unit.adjustments.one(adjustment_id)
    decide = approve if fields.get("do") == "approve" else refuse
    try:
        command = DecideAdjustment(
            **asked_by_form(request, fields, adjustment.card_id), adjustment_id=adjustment_id
        )
        answer = await decide(units, command, new_id)
    except Refusal as refusal:
        status = int(STATUS_OF_KIND[refusal.kind])
        return await _shown(request, mistake=refusal.sentence, status=status)
    if not answer.is_done:
        return await _shown(request, mistake=refusal_of(answer), status=answer.status)
    return see_other(PAGE)


async def limit_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Set how much one person may adjust alone, from what the page showed."""
    author = Author(principal=request[PRINCIPAL], origin=origin(request), new_id=new_id)
    most, before = (_limit(fields.get(name, "")) for name in ("most", "before"))
    if most is None or before is None:
        return await _shown(request, mistake=_NO_LIMIT, status=400)
    try:
        async with request.app[RESOURCES].units(author.principal.merchant_id) as unit:
            await limit_alone(unit, most, author, before=before)
    except Refusal as refusal:
        status = int(STATUS_OF_KIND[refusal.kind])
        return await _shown(request, mistake=refusal.sentence, status=status)
    return see_other(PAGE)


def _limit(text: str) -> int | None:
    """Return a limit as it was typed, or None for what cannot be one."""
    limit = int(text) if _DIGITS.fullmatch(text.strip()) else None
    return limit if limit is not None and limit <= AMOUNT_MAX else None


async def _shown(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        asked = await unit.adjustments.listed(AdjustmentStatus.ASKED)
        alone_max = await unit.adjustments.alone_max()
        names = {member.id: member.name for member in await unit.staff.all()}
    return page(
        request,
        "merchant/adjustments.html",
        status=status,
        merchant=merchant,
        asked=asked,
        names=names,
        alone_max=alone_max,
        may_limit=Permission.PROGRAMS_WRITE in request[PRINCIPAL].permissions,
        me=request[PRINCIPAL].staff_id,
        form_key=str(new_id()),
        mistake=mistake,
    )
