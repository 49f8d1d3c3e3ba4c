"""A merchant's settings of its ledger over the API."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.ledger import AMOUNT_MAX
from gateway.resources import new_id
from gateway.services.ledger.limiting import limit_alone
from gateway.services.merchants.designing import Author
from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.origins import origin
from gateway.web.parsing.preconditions import etag


class LedgerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much one person may adjust on a card alone, in a day; with 0 it always takes two."""

    adjust_alone_max: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


async def show_ledger_settings(request: web.Request) -> web.Response:
    """Show the settings, with the ETag that a change of them must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return _answer(await unit.adjustments.alone_max())


async def replace_ledger_settings(request: web.Request, asked: LedgerSettings) -> web.Response:
    """Write the settings anew."""
    author = Author(principal=request[PRINCIPAL], origin=origin(request), new_id=new_id)
    async with request.app[RESOURCES].units(author.principal.merchant_id) as unit:
        await limit_alone(unit, asked.adjust_alone_max, author, before=request[REVISION])
    return _answer(asked.adjust_alone_max)


def _answer(alone_max: int) -> web.Response:
    # There is one number, which is its own revision.
    return json_answer(
        LedgerSettings(adjust_alone_max=alone_max), headers={"ETag": etag(alone_max)}
    )
