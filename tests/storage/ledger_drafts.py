"""Drafts of steps: numbers that anything can be drawn from, whatever is there by then."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.storage.ledger_model import Model
from tests.storage.ledger_shapes import Redemption, Step, Visit

AT_ONCE_MAX = 4
CENTS = (0, 120, 350, 500, 999, 1_000, 2_300)
# By number: the dearest, and the later states of a sale.
DEAR = len(CENTS) - 1
ALL_REFUNDED, HALF_REFUNDED, RAISED, OLDER = range(1, 5)
ADJUSTMENTS = (-4, -2, -1, 1, 2, 6)
# One of so many steps is about whatever is at hand, whether that makes sense or not.
STRANGERS = 9
# So many cards are never merged, or there would be none to go on with.
ACTIVE_MIN = 2
NUMBERS = st.integers(0, 2**16)
# How often each is drawn, for a card that mostly earns and is merged now and then.
_VERBS = {
    "visit": 3,
    "sale": 4,
    "resale": 4,
    "undo": 2,
    "reserve": 4,
    "redeem": 2,
    "cancel": 2,
    "lapse": 1,
    "take_back": 2,
    "adjust": 3,
    "transfer": 2,
    "merge": 1,
    "expire": 2,
    "release": 1,
}
_DRAWN = [verb for verb, times in _VERBS.items() for _ in range(times)]


@dataclass(frozen=True, slots=True)
class Draft:
    """A verb with three numbers: mostly which card, which earlier step, and how much."""

    verb: str
    card: int
    one: int = 0
    two: int = 0


DRAFTS = st.builds(Draft, st.sampled_from(_DRAWN), NUMBERS, NUMBERS, NUMBERS)


def step_of(draft: Draft, model: Model, name: int) -> Step:  # noqa: PLR0911 -- one per verb
    """Return the step that a draft stands for; what is about nothing becomes an earning."""
    card = _card(draft, model)
    match draft.verb:
        case "undo" if model.visits:
            fit = {each for each, visit in model.visits.items() if not visit.is_undone}
            return _about(draft, name, model.visits, fit)
        case "redeem" | "cancel" | "lapse" | "take_back" if model.redemptions:
            wanted = "redeemed" if draft.verb == "take_back" else "reserved"
            fit = {each for each, one in model.redemptions.items() if one.status == wanted}
            return _about(draft, name, model.redemptions, fit)
        case "resale" if model.sales:
            return _resale(draft, model, name)
        case "reserve":
            return _reserve(draft, model, name)
        case "adjust":
            amount = ADJUSTMENTS[draft.one % len(ADJUSTMENTS)]
            return Step(verb="adjust", name=name, card=card, amount=amount)
        case "transfer" | "merge" if draft.verb == "transfer" or len(_active(model)) > ACTIVE_MIN:
            other = (card + 1 + draft.one % STRANGERS) % len(model.cards)
            amount = 1 + draft.two % 4
            return Step(verb=draft.verb, name=name, card=card, other=other, amount=amount)
        case "visit" | "release" | "expire":
            return Step(verb=draft.verb, name=name, card=card)
        case _:
            amount = CENTS[draft.one % len(CENTS)]
            return Step(verb="sale", name=name, card=card, target=name, amount=amount)


def _active(model: Model) -> list[int]:
    return [number for number, card in sorted(model.cards.items()) if not card.is_merged]


def _card(draft: Draft, model: Model) -> int:
    """Return a card that is in use, or now and then any."""
    cards = _active(model) if draft.card % STRANGERS else sorted(model.cards)
    return cards[draft.card % len(cards)]


def _about(
    draft: Draft,
    name: int,
    there: Mapping[int, Visit] | Mapping[int, Redemption],
    fit: Collection[int],
) -> Step:
    """Return a step about one of those that fit, or now and then about any."""
    is_any = not fit or draft.two % STRANGERS == 0
    names = sorted(there if is_any else fit)
    target = names[draft.one % len(names)]
    return Step(verb=draft.verb, name=name, card=there[target].card, target=target)


def _reserve(draft: Draft, model: Model, name: int) -> Step:
    """Return a step that takes a reward which a card can pay, or now and then any."""
    prices = model.kind.prices
    pairs = [(card, reward) for card in sorted(model.cards) for reward in range(len(prices))]
    payable = [
        (card, reward)
        for card, reward in pairs
        if model.cards[card].of(prices[reward][0]) >= prices[reward][1]
    ]
    pairs = payable if payable and draft.two % STRANGERS else pairs
    card, reward = pairs[draft.one % len(pairs)]
    return Step(verb="reserve", name=name, card=card, other=reward)


def _resale(draft: Draft, model: Model, name: int) -> Step:
    """Return a later state of a sale: the same again, refunded, raised, or an older one late."""
    target = sorted(model.sales)[draft.one % len(model.sales)]
    sale = model.sales[target]
    states = (
        (sale.paid, sale.refunded),
        (sale.paid, sale.paid),
        (sale.paid, sale.paid // 2),
        (sale.paid + CENTS[draft.two % len(CENTS)], sale.refunded),
        (sale.paid // 2, 0),
    )
    paid, refunded = states[draft.two % len(states)]
    is_mistaken = draft.card % STRANGERS == 0
    card = draft.card % len(model.cards) if is_mistaken else sale.card
    return Step(verb="sale", name=name, card=card, target=target, amount=paid, refunded=refunded)
