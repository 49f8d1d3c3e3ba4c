"""Experiments: which variant a subject gets for good, and whether the shares came out as planned.

Assignment needs no storage: it is computed from the experiment and the subject alone. What was
shown must be logged all the same, so that the shares can be checked.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erfc, exp, gamma, sqrt
from typing import Annotated
from uuid import UUID

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.limits import Between, Characters, Items, Note
from gateway.domain.rules.keys import Key

WEIGHTS_TOTAL = 10_000
VARIANTS_MIN, VARIANTS_MAX = 2, 5
MISMATCH_P = 0.001

_ASSIGNMENT_BYTES = 4

Weight = Annotated[
    int,
    Between(0, WEIGHTS_TOTAL, "A share is between 0 and 10,000 ten-thousandths."),
    Note("In ten-thousandths: 2,500 is a quarter."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the ways that are compared, and the share of subjects who get it."""

    key: Key
    weight: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Variants compared with each other, and with the `hold_out` share that gets none."""

    id: UUID
    key: Key
    name: Annotated[str, Characters(60)]
    variants: Annotated[tuple[Variant, ...], Items(VARIANTS_MIN, VARIANTS_MAX)]
    hold_out: Weight = 0


def faults(experiment: Experiment) -> Iterator[Fault]:
    """Give what keeps an experiment from starting, each with a pointer and a sentence."""
    if not VARIANTS_MIN <= len(experiment.variants) <= VARIANTS_MAX:
        yield Fault("/variants", "Compare 2 to 5 variants.")
    seen: set[str] = set()
    for index, variant in enumerate(experiment.variants):
        if variant.key in seen:
            yield Fault(f"/variants/{index}/key", "Another variant has this key.")
        if variant.weight <= 0:
            yield Fault(f"/variants/{index}/weight", "A variant needs a share above 0.")
        seen.add(variant.key)
    if experiment.hold_out < 0:
        yield Fault("/hold_out", "The hold-out is a share of 0 or more.")
    total = experiment.hold_out + sum(variant.weight for variant in experiment.variants)
    if total != WEIGHTS_TOTAL:
        yield Fault("/variants", f"The shares and the hold-out come to {total}, not 10,000.")


def assign(experiment: Experiment, subject: UUID, secret: bytes) -> str | None:
    """Return the key of the subject's variant, the same every time, or None for the hold-out.

    The first 32 bits of HMAC-SHA256(experiment's key, subject), modulo 10,000, fall into the
    hold-out or one of the variants in their order. The experiment's key is derived from `secret`,
    so shares of two experiments are independent and nobody outside can foresee them.
    """
    own_key = hmac.digest(secret, experiment.id.bytes, hashlib.sha256)
    drawn = hmac.digest(own_key, subject.bytes, hashlib.sha256)[:_ASSIGNMENT_BYTES]
    place = int.from_bytes(drawn, "big") % WEIGHTS_TOTAL - experiment.hold_out
    if place < 0:
        return None
    for variant in experiment.variants:
        if place < variant.weight:
            return variant.key
        place -= variant.weight
    raise AssertionError("an experiment's shares sum to 10,000")


def sample_ratio_p(counts: Sequence[int], weights: Sequence[int]) -> float:
    """Return how likely counts at least this far from their weights are by chance: 0 to 1.

    Pearson's chi-square test of fit; `counts` and `weights` are in the same order. Nobody in a
    share of zero is expected, so somebody there is impossible.
    """
    assert len(counts) == len(weights), "a count for each weight"
    total, whole = sum(counts), sum(weights)
    if any(count for count, weight in zip(counts, weights, strict=True) if weight == 0):
        return 0.0
    pairs = [pair for pair in zip(counts, weights, strict=True) if pair[1]]
    if total == 0 or len(pairs) == 1:
        return 1.0
    statistic = sum(
        (count - total * weight / whole) ** 2 / (total * weight / whole) for count, weight in pairs
    )
    return _chi_square_tail(statistic, len(pairs) - 1)


def is_mismatch(counts: Sequence[int], weights: Sequence[int]) -> bool:
    """Say whether the shares came out so far from planned that the experiment is not to be read.

    The limit of one in a thousand is usual for this test: it is looked at often.
    """
    return sample_ratio_p(counts, weights) < MISMATCH_P


def _chi_square_tail(statistic: float, degrees: int) -> float:
    """Return the upper tail: the regularised incomplete gamma function Q(degrees/2, statistic/2).

    By recurrence from Q(1/2) or Q(1) (NIST DLMF 8.8.6, https://dlmf.nist.gov/8.8.E6).
    """
    half = statistic / 2
    order, tail = (0.5, erfc(sqrt(half))) if degrees % 2 else (1.0, exp(-half))
    while order < degrees / 2:
        tail += half**order * exp(-half) / gamma(order + 1)
        order += 1
    return min(tail, 1.0)
