"""Who changes something with a request, as the services that write it down want to know it."""

from aiohttp import web

from gateway.resources import new_id
from gateway.services.merchants.designing import Author
from gateway.services.webhooks.office import Keeper
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.origins import origin


def author_of(request: web.Request) -> Author:
    """Return who writes programs, words and campaigns with this request, and from where."""
    return Author(principal=request[PRINCIPAL], origin=origin(request), new_id=new_id)


def keeper_of(request: web.Request) -> Keeper:
    """Return who looks after webhook endpoints with this request, and from where."""
    office = request.app[RESOURCES].webhooks
    return Keeper(principal=request[PRINCIPAL], origin=origin(request), office=office)
