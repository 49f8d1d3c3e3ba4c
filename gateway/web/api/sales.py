"""Sales over the API: told of as they stand, as often as they change."""

from aiohttp import web

from gateway.domain.references import check_reference
from gateway.resources import new_id
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.web.api.commands import asked, given
from gateway.web.api.sale_shapes import SaleTold
from gateway.web.keys import PRINCIPAL, RESOURCES


async def tell_sale(request: web.Request, told: SaleTold) -> web.Response:
    """Record a sale, or a later state of it: refunds, voids and corrections are new states."""
    check_reference(told.reference, "/reference")
    resources, merchant_id = request.app[RESOURCES], request[PRINCIPAL].merchant_id
    location = await resources.database.locations.of(merchant_id, told.location_id)
    command = RecordSale(
        **asked(request),
        source=told.source,
        reference=told.reference,
        sale=told.sale.state,
        location_id=location.id,
        clock=location.clock,
        occurred_at=told.occurred_at,
        sequence=told.sequence,
    )
    return given(await record_sale(resources.units, command, new_id))
