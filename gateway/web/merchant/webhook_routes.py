"""The merchant's pages about webhooks: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import Access, Door
from gateway.web.merchant import webhook_logs, webhooks
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

_ACCESS = Access(Door.MERCHANT, Permission.WEBHOOKS_WRITE)
_LIST = "/merchant/webhooks"
_ONE = _LIST + "/{endpoint_id}"

MERCHANT_WEBHOOKS = (
    Route("GET", _LIST, webhooks.webhooks_page, _ACCESS, style=Style.PAGE),
    Route(
        "GET",
        _ONE,
        webhooks.webhook_page,
        _ACCESS,
        takes=webhook_logs.LogQuery,
        style=Style.PAGE,
    ),
    *(
        Route("POST", path, handler, _ACCESS, takes=Fields, style=Style.PAGE)
        for path, handler in (
            (_LIST, webhooks.add_webhook),
            (_ONE, webhooks.change_webhook),
            (f"{_ONE}/steer", webhooks.steer_webhook),
            (f"{_ONE}/replays", webhooks.replay_webhook),
        )
    ),
)
