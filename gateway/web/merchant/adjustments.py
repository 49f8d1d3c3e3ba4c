"""Adjustments on the merchant's pages: what waits for a second person."""

from aiohttp import web

from gateway.domain.adjustments import AdjustmentStatus
from gateway.domain.errors import Refusal
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.resources import new_id
from gateway.services.ledger.adjusting import DecideAdjustment, approve, refuse
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.form_commands import asked_by_form, refusal_of
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id

PAGE = "/merchant/adjustments"


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


async def _shown(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        asked = await unit.adjustments.listed(AdjustmentStatus.ASKED)
        names = {member.id: member.name for member in await unit.staff.all()}
    return page(
        request,
        "merchant/adjustments.html",
        status=status,
        merchant=merchant,
        asked=asked,
        names=names,
        me=request[PRINCIPAL].staff_id,
        form_key=str(new_id()),
        mistake=mistake,
    )
