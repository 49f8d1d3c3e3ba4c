"""The merchant's pages about what is done to cards by hand: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import Access, Door
from gateway.web.merchant import adjustments, member_cards
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

_READ = Access(Door.MERCHANT, Permission.MEMBERS_READ)
_CARDS = Access(Door.MERCHANT, Permission.CARDS_WRITE)
_ADJUST = Access(Door.MERCHANT, Permission.ADJUSTMENTS_WRITE)
# Not by who adjusts: nobody lifts their own limit.
_LIMIT = Access(Door.MERCHANT, Permission.PROGRAMS_WRITE)
_CARD = "/merchant/cards/{card_id}"

MERCHANT_UPKEEP = (
    Route("GET", _CARD, member_cards.member_card, _READ, style=Style.PAGE),
    Route("GET", adjustments.PAGE, adjustments.adjustments_page, _ADJUST, style=Style.PAGE),
    *(
        Route("POST", path, handler, access, takes=Fields, style=Style.PAGE)
        for path, handler, access in (
            (f"{_CARD}/adjustments", member_cards.adjust_by_form, _ADJUST),
            (f"{_CARD}/block", member_cards.block_by_form, _CARDS),
            (f"{_CARD}/transfers", member_cards.transfer_by_form, _CARDS),
            (f"{_CARD}/merger", member_cards.merge_by_form, _CARDS),
            (adjustments.LIMIT, adjustments.limit_by_form, _LIMIT),
            (f"{adjustments.PAGE}/{{adjustment_id}}", adjustments.decide_by_form, _ADJUST),
        )
    ),
)
