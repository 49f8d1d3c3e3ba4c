"""The API of rewards and redemptions: method, path, handler, scope, and what each refuses."""

from gateway.domain.claims import (
    RedeemingOver,
    RewardLimitReached,
    RewardNotAvailable,
    SoldOut,
    TierTooLow,
)
from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import (
    Busy,
    CardBlocked,
    KeyReused,
    NotEnough,
    NotFound,
    NotReversible,
    RedemptionClosed,
    RedemptionExpired,
)
from gateway.domain.people import Permission
from gateway.domain.redemptions import NothingToFulfil
from gateway.domain.reward_designs import RewardCannot, TooManyRewards
from gateway.presenters.answers import Redeeming
from gateway.web.api import redemptions, reward_shapes, rewards
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

_CARDS_READ = Access(Door.API, Permission.CARDS_READ)
_PROGRAMS_READ = Access(Door.API, Permission.PROGRAMS_READ)
_PROGRAMS_WRITE = Access(Door.API, Permission.PROGRAMS_WRITE)
_REWARDS = Access(Door.API, Permission.REWARDS_WRITE)

_CARD = "/api/v1/cards/{card_id}"
_OF_PROGRAM = "/api/v1/programs/{program_id}/rewards"
_REWARD = "/api/v1/rewards/{reward_id}"
_REDEMPTION = _CARD + "/redemptions/{redemption_id}"

_SHOWN = {200: reward_shapes.Reward}
_COMMAND_REFUSALS = (NotFound, KeyReused, Busy)

CATALOGUE = (
    Route(
        "GET",
        _OF_PROGRAM,
        rewards.list_rewards,
        _PROGRAMS_READ,
        answers={200: reward_shapes.Rewards},
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        _OF_PROGRAM,
        rewards.add_reward,
        _PROGRAMS_WRITE,
        takes=reward_shapes.NewReward,
        answers={201: reward_shapes.Reward},
        refuses=(NotFound, ConfigurationInvalid, TooManyRewards),
    ),
    Route(
        "GET", _REWARD, rewards.show_reward, _PROGRAMS_READ, answers=_SHOWN, refuses=(NotFound,)
    ),
    Route(
        "PUT",
        _REWARD,
        rewards.replace_reward,
        _PROGRAMS_WRITE,
        takes=reward_shapes.ChangedReward,
        answers=_SHOWN,
        refuses=(NotFound, ConfigurationInvalid, RewardCannot),
        is_conditional=True,
    ),
    Route(
        "DELETE",
        _REWARD,
        rewards.remove_reward,
        _PROGRAMS_WRITE,
        answers=_SHOWN,
        refuses=(NotFound, RewardCannot),
        is_conditional=True,
    ),
    Route(
        "POST",
        f"{_REWARD}/stock",
        rewards.change_stock,
        _PROGRAMS_WRITE,
        takes=reward_shapes.Restock,
        answers=_SHOWN,
        refuses=(NotFound, ConfigurationInvalid, RewardCannot),
        is_conditional=True,
    ),
)

REDEMPTIONS = (
    Route(
        "GET",
        f"{_CARD}/rewards",
        rewards.list_card_rewards,
        _CARDS_READ,
        answers={200: reward_shapes.CardRewards},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        "/api/v1/redemptions",
        redemptions.find_redemptions,
        _CARDS_READ,
        takes=reward_shapes.RedemptionSearch,
        answers={200: reward_shapes.Redemptions},
    ),
    Route(
        "GET",
        "/api/v1/redemptions/{redemption_id}",
        redemptions.show_redemption,
        _CARDS_READ,
        answers={200: reward_shapes.Redemption},
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        f"{_CARD}/redemptions",
        redemptions.reserve_for_card,
        _REWARDS,
        takes=reward_shapes.Reservation,
        answers={200: Redeeming},
        refuses=(
            *_COMMAND_REFUSALS,
            CardBlocked,
            RedeemingOver,
            RewardNotAvailable,
            TierTooLow,
            RewardLimitReached,
            SoldOut,
            NotEnough,
        ),
        is_idempotent=True,
    ),
    *(
        Route(
            "POST",
            f"{_REDEMPTION}/{verb}",
            handler,
            _REWARDS,
            answers={200: Redeeming},
            refuses=(*_COMMAND_REFUSALS, RedemptionClosed, *refuses),
            is_idempotent=True,
        )
        for verb, handler, refuses in (
            ("redeem", redemptions.redeem, (RedemptionExpired, CardBlocked)),
            ("cancel", redemptions.cancel_redemption, ()),
            ("reverse", redemptions.reverse_redemption, (NotReversible, CardBlocked)),
        )
    ),
    Route(
        "POST",
        f"{_REDEMPTION}/fulfil",
        redemptions.fulfil,
        _REWARDS,
        answers={200: reward_shapes.Redemption},
        refuses=(NotFound, NothingToFulfil),
    ),
)
