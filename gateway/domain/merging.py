"""Transfers between two cards of a merchant, and the merger of one into the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import BalanceLimit, CardBlocked, Invalid, Kind, NotEnough, Refusal
from gateway.domain.ledger import (
    BALANCE_MAX,
    LOTTED,
    Account,
    Transfer,
    after,
    balance,
    in_transfers,
)
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tier_progress import rank
from gateway.domain.rules.tiers import TierRule


class SameCard(Refusal):
    """These are one and the same card."""

    code = "same_card"


class OtherProgram(Refusal):
    """Both cards have to be of the same program."""

    code = "other_program"


class MergedAway(Refusal):
    """This card was merged into another one, which holds everything now."""

    code = "card_merged"
    kind = Kind.CONFLICT


class ReservationsOpen(Refusal):
    """A reward is being handed out on this card. Please finish or cancel that first."""

    code = "reservations_open"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is left of a card's lots of one unit that become usable and end at the same moments."""

    unit: str
    account: Account
    amount: int
    usable_from: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """What leaves one card and what enters the other: the same amounts, each with its end."""

    leaves: tuple[Transfer, ...]
    enters: tuple[Transfer, ...]


def check_pair(giver: Standing, taker: Standing) -> None:
    """Raise `SameCard`, `OtherProgram`, `MergedAway` or `CardBlocked` for a wrong pair."""
    if giver.card_id == taker.card_id:
        raise SameCard
    if giver.program_id != taker.program_id:
        raise OtherProgram
    for card in (giver, taker):
        if card.card_status is CardStatus.MERGED:
            raise MergedAway
        if card.card_status is not CardStatus.ACTIVE:
            raise CardBlocked


def part_of(giver: Standing, parts: Iterable[Part], unit: str, amount: int) -> Move:
    """Return the move of an amount that can be spent, from what ends soonest.

    `parts` are the giver's, soonest-ending first. Raises `Invalid` for an amount of nothing, and
    `NotEnough` when the card has less.
    """
    if amount <= 0:
        raise Invalid("An amount to transfer is 1 or more.")
    missing = amount - giver.available(unit)
    if missing > 0:
        raise NotEnough(f"This card has {missing:,} too few.", missing=missing)
    taken, left = [], amount
    for part in parts:
        if part.unit == unit and part.account is Account.AVAILABLE and left:
            share = min(part.amount, left)
            taken.append(replace(part, amount=share))
            left -= share
    assert not left, "open lots sum to what is available"
    return _move(taken)


def all_of(giver: Standing, parts: Iterable[Part]) -> Move:
    """Return the move of everything a card has, and of everything it owes.

    Raises `ReservationsOpen` while something is set aside.
    """
    if any(balance(giver.balances, unit, Account.RESERVED) for unit in giver.balances):
        raise ReservationsOpen
    move = _move(parts)
    owed = {unit: -giver.available(unit) for unit in giver.balances if giver.available(unit) < 0}
    return Move(
        leaves=(
            *move.leaves,
            *(
                transfer
                for unit, amount in owed.items()
                for transfer in in_transfers(unit, Account.ADJUSTED, Account.AVAILABLE, amount)
            ),
        ),
        enters=(
            *move.enters,
            *(
                transfer
                for unit, amount in owed.items()
                for transfer in in_transfers(unit, Account.AVAILABLE, Account.ADJUSTED, amount)
            ),
        ),
    )


def check_room(taker: Standing, move: Move) -> None:
    """Raise `BalanceLimit` when a card cannot hold what would enter it beside what it has."""
    balances = after(taker.balances, move.enters)
    for unit in moved(move.enters):
        held = sum(balance(balances, unit, account) for account in LOTTED)
        if held > BALANCE_MAX:
            raise BalanceLimit(
                f"The other card would hold more than {BALANCE_MAX:,}, which no card can.",
                unit=unit,
            )


def moved(transfers: Iterable[Transfer]) -> dict[str, int]:
    """Return by unit how much transfers put onto a card, below zero what they take from it."""
    units: dict[str, int] = {}
    for transfer in transfers:
        sign = (transfer.destination in LOTTED) - (transfer.source in LOTTED)
        units[transfer.unit] = units.get(transfer.unit, 0) + sign * transfer.amount
    return units


def merged(plan: Plan, giver: Standing, taker: Standing) -> Standing:
    """Return the taker as it remembers both cards: of each rule, and of the tiers, the better.

    What a rule remembers is better with more towards the next reward in a later period, and with
    the longer streak. The latest earning of both sets the cooldown.
    """
    keys = {**giver.memory, **taker.memory}
    earned = [each.last_earned_at for each in (giver, taker) if each.last_earned_at]
    rule = next((rule for rule in plan.rules if isinstance(rule, TierRule)), None)
    is_higher = rule is not None and rank(rule, giver.tier) > rank(rule, taker.tier)
    better = giver if is_higher else taker
    return replace(
        taker,
        memory={key: _better(giver.memory, taker.memory, key) for key in keys},
        last_earned_at=max(earned, default=None),
        tier=better.tier,
        tier_since=better.tier_since,
    )


def _better(
    giver: Mapping[str, RuleMemory], taker: Mapping[str, RuleMemory], key: str
) -> RuleMemory:
    both = giver.get(key, RuleMemory()), taker.get(key, RuleMemory())
    first = max(both, key=lambda each: (each.period, each.count, each.streak))
    used = [each.used_until for each in both if each.used_until]
    return replace(
        first,
        granted=max(each.granted for each in both),
        best=max(each.best for each in both),
        used_until=max(used, default=None),
    )


def _move(parts: Iterable[Part]) -> Move:
    parts = tuple(parts)
    sums: dict[tuple[str, Account], int] = {}
    for part in parts:
        sums[part.unit, part.account] = sums.get((part.unit, part.account), 0) + part.amount
    return Move(
        leaves=tuple(
            transfer
            for (unit, account), amount in sums.items()
            for transfer in in_transfers(unit, account, Account.ADJUSTED, amount)
        ),
        enters=tuple(
            replace(transfer, expires_at=part.expires_at, usable_from=part.usable_from)
            for part in parts
            for transfer in in_transfers(part.unit, Account.ADJUSTED, part.account, part.amount)
        ),
    )
