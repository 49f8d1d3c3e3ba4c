"""The merchant's pages about rewards and redemptions: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import Access, Door
from gateway.web.merchant import redemptions, rewards
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

_READ = Access(Door.MERCHANT, Permission.PROGRAMS_READ)
_WRITE = Access(Door.MERCHANT, Permission.PROGRAMS_WRITE)
_LIST = "/merchant/programs/{program_id}/rewards"
_ONE = "/merchant/rewards/{reward_id}"

MERCHANT_REWARDS = (
    Route("GET", _LIST, rewards.rewards_page, _READ, style=Style.PAGE),
    Route("GET", f"{_LIST}/new", rewards.new_reward, _WRITE, style=Style.PAGE),
    Route("GET", _ONE, rewards.reward_page, _READ, style=Style.PAGE),
    Route(
        "GET",
        redemptions.PAGE,
        redemptions.redemptions_page,
        _READ,
        takes=redemptions.WaitingQuery,
        style=Style.PAGE,
    ),
    Route(
        "POST",
        f"{redemptions.PAGE}/{{redemption_id}}/fulfil",
        redemptions.fulfil_by_form,
        _WRITE,
        style=Style.PAGE,
    ),
    *(
        Route("POST", path, handler, _WRITE, takes=Fields, style=Style.PAGE)
        for path, handler in (
            (f"{_LIST}/new", rewards.add_reward_by_form),
            (_ONE, rewards.change_reward_by_form),
            (f"{_ONE}/stock", rewards.restock_reward_by_form),
            (f"{_ONE}/archive", rewards.archive_reward_by_form),
        )
    ),
)
