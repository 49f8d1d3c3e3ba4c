"""People: who may stand at the tills."""

from aiohttp import web

from gateway.domain.errors import Invalid
from gateway.resources import new_id
from gateway.services.people.hiring import hire, let_go, make_member
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.dashboard import show_shop
from gateway.web.origins import origin
from gateway.web.pages.redirects import see_other
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id

_PEOPLE = "/merchant#people"


async def add_person(request: web.Request, fields: Fields) -> web.Response:
    """Give somebody a PIN."""
    principal, resources = request[PRINCIPAL], request.app[RESOURCES]
    name, pin = fields.get("name", ""), fields.get("pin", "")
    try:
        member = await make_member(resources.hasher, new_id(), name, pin)
    except Invalid as mistake:
        return await show_shop(request, mistake=mistake.sentence)
    async with resources.units(principal.merchant_id) as unit:
        await hire(unit, principal, member, origin(request), new_id())
    return see_other(_PEOPLE)


async def remove_person(request: web.Request) -> web.Response:
    """Take somebody's PIN and sessions away."""
    principal, staff_id = request[PRINCIPAL], path_id(request, "staff_id")
    async with request.app[RESOURCES].units(principal.merchant_id) as unit:
        await let_go(unit, principal, staff_id, origin(request), new_id())
    return see_other(_PEOPLE)
