"""The door at which Google tells that somebody saved one of our cards, or deleted it.

Source: https://developers.google.com/wallet/retail/loyalty-cards/use-cases/use-callbacks-for-saves-and-deletions
"""

import structlog
from aiohttp import web

from gateway.services.people.inviting import find_merchant
from gateway.services.wallets.google_callbacks import hear_callback
from gateway.web.callbacks.google_keys import GOOGLE_KEYS, KeysUnreachable
from gateway.web.keys import RESOURCES, WIRING
from gateway.web.parsing.names import path_name
from gateway.web.refusals import Unavailable
from passes.google.signed_message import Distrust, UntrustedCallback

_log = structlog.get_logger("gateway.google")


async def hear_google(request: web.Request, body: bytes) -> web.Response:
    """Take a signed callback: 200 whatever it tells, 401 when Google did not sign it for us.

    Who sends it is not asked: Google's own agents name themselves as they like. Raises `NotFound`,
    and `Unavailable` when it cannot be checked now, so that Google tells it again.
    """
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, path_name(request, "merchant"))
    try:
        root_keys = await request.app[GOOGLE_KEYS].current()
        heard = await hear_callback(
            resources.units, merchant.id, body, root_keys, request.app[WIRING].now()
        )
    except KeysUnreachable as unreachable:
        raise Unavailable from unreachable
    except UntrustedCallback as distrusted:
        return _distrusted(distrusted, str(merchant.id))
    # Neither the card's name at Google nor the nonce: each is somebody's.
    _log.info("google_called_back", merchant_id=str(merchant.id), heard=heard)
    return web.Response()


def _distrusted(distrusted: UntrustedCallback, merchant_id: str) -> web.Response:
    _log.warning("google_callback_distrusted", merchant_id=merchant_id, reason=distrusted.reason)
    if distrusted.reason is Distrust.NO_ROOT_KEY:
        raise Unavailable from distrusted
    return web.Response(status=401)
