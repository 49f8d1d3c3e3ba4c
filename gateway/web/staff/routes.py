"""The till: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import PUBLIC, Access, Door
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style
from gateway.web.staff import commands, pairing, scanning, signing_in

PAGE = Style.PAGE

_AT_TILL = Access(Door.STAFF, Permission.CARDS_READ)
_STAMPS = Access(Door.STAFF, Permission.STAMPS_WRITE)
_REWARDS = Access(Door.STAFF, Permission.REWARDS_WRITE)

STAFF = (
    Route("GET", "/till/pair/{merchant}", pairing.pairing_page, PUBLIC, style=PAGE),
    Route("POST", "/till/pair/{merchant}", pairing.pair, PUBLIC, takes=Fields, style=PAGE),
    Route("GET", "/till", signing_in.till, PUBLIC, style=PAGE),
    Route("POST", "/till/sign-in", signing_in.enter_pin, PUBLIC, takes=Fields, style=PAGE),
    Route("POST", "/till/sign-out", signing_in.leave_till, _AT_TILL, style=PAGE),
    Route("GET", "/till/scan", scanning.scan_page, _AT_TILL, style=PAGE, uses_camera=True),
    Route("POST", "/till/api/look-ups", scanning.look_up, _AT_TILL, takes=scanning.Code),
    Route(
        "POST",
        "/till/api/stamps",
        commands.stamp_at_till,
        _STAMPS,
        takes=commands.Stamp,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/sales",
        commands.sell_at_till,
        _STAMPS,
        takes=commands.Purchase,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/undos",
        commands.undo_at_till,
        _STAMPS,
        takes=commands.Undo,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions",
        commands.reserve_at_till,
        _REWARDS,
        takes=commands.Reserve,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/hand-out",
        commands.hand_out_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/cancel",
        commands.cancel_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/take-back",
        commands.take_back_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
)
