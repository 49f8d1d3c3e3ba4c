"""What a merchant may write into the catalogue: the fields of a reward, and how they fit."""

from collections.abc import Iterator

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.reading import read
from gateway.domain.errors import Refusal
from gateway.domain.rewards import STOCK_MAX, RewardDesign, spendable, tiers_of
from gateway.domain.rules.plan import Plan


class RewardCannot(Refusal):
    """This reward belongs to its program's version and changes with it alone."""

    code = "reward_cannot"


class TooManyRewards(Refusal):
    """There are as many rewards as a program may have. Please archive one first."""

    code = "too_many_rewards"


def read_design(value: object, plan: Plan) -> RewardDesign:
    """Return decoded JSON as a reward that the cards of a plan can be redeemed for.

    Raises `ConfigurationInvalid` with all faults of the fields; when there are none, with all
    faults between them and the plan.
    """
    design = read(RewardDesign, value)
    if faults := tuple(_faults(design, plan)):
        raise ConfigurationInvalid(faults)
    return design


def restocked(stock: int | None, add: int | None, pointer: str) -> int | None:
    """Return the stock after `add` more, or fewer, were put there; None is without end.

    What is counted for the first time begins at nothing. Raises `ConfigurationInvalid` at
    `pointer` for a stock below zero or above `STOCK_MAX`.
    """
    if add is None:
        return None
    left = (stock or 0) + add
    if left < 0:
        sentence = f"There are only {stock or 0:,} left."
    elif left > STOCK_MAX:
        sentence = f"There can be at most {STOCK_MAX:,}."
    else:
        return left
    raise ConfigurationInvalid([Fault(pointer, sentence)])


def _faults(design: RewardDesign, plan: Plan) -> Iterator[Fault]:
    units = spendable(plan)
    if design.unit not in units:
        yield Fault("/unit", f"The cards of this program collect: {', '.join(units)}.")
    tiers = [tier.key for tier in tiers_of(plan)]
    if design.tier_min is not None and design.tier_min not in tiers:
        offered = f"Please choose one of: {', '.join(tiers)}." if tiers else ""
        yield Fault("/tier_min", offered or "This program has no tiers.")
    if design.valid_from and design.valid_until and design.valid_until <= design.valid_from:
        yield Fault("/valid_until", "The last moment must come after the first.")
