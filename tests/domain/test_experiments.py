"""Assignment to variants, and the check that the shares came out as planned."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.experiments import (
    MISMATCH_P,
    Experiment,
    Variant,
    assign,
    faults,
    is_mismatch,
    sample_ratio_p,
)

SECRET = b"a secret of the installation"
EXPERIMENT = Experiment(
    id=UUID(int=7),
    key="welcome",
    name="Welcome",
    variants=(Variant(key="plain", weight=6_000), Variant(key="warm", weight=3_000)),
    hold_out=1_000,
)
TWO_TO_FIVE = "Compare 2 to 5 variants."
SUBJECTS = [UUID(int=number) for number in range(20_000)]


def shares(*weights: int, hold_out: int = 0) -> Experiment:
    variants = tuple(Variant(key=f"v{place}", weight=each) for place, each in enumerate(weights))
    return replace(EXPERIMENT, variants=variants, hold_out=hold_out)


def test_everybody_keeps_their_variant() -> None:
    """The same subject gets the same again; another experiment or secret draws anew."""
    first = [assign(EXPERIMENT, subject, SECRET) for subject in SUBJECTS[:500]]
    assert [assign(EXPERIMENT, subject, SECRET) for subject in SUBJECTS[:500]] == first
    other = replace(EXPERIMENT, id=UUID(int=8))
    assert [assign(other, subject, SECRET) for subject in SUBJECTS[:500]] != first
    assert [assign(EXPERIMENT, subject, b"another") for subject in SUBJECTS[:500]] != first


def test_the_shares_come_out_as_planned() -> None:
    """Of 20,000 subjects, by the product's own check, hold-out included."""
    found = Counter(assign(EXPERIMENT, subject, SECRET) for subject in SUBJECTS)
    counts = [found[None], found["plain"], found["warm"]]
    assert not is_mismatch(counts, [1_000, 6_000, 3_000])


def test_the_draw_is_the_documented_one() -> None:
    """First 32 bits of HMAC-SHA256 modulo 10,000, hold-out first, then the variants in order."""
    key = hmac.new(SECRET, EXPERIMENT.id.bytes, hashlib.sha256).digest()
    places = set()
    for subject in SUBJECTS:
        place = int(hmac.new(key, subject.bytes, hashlib.sha256).hexdigest()[:8], 16) % 10_000
        expected = None if place < 1_000 else "plain" if place < 7_000 else "warm"
        assert assign(EXPERIMENT, subject, SECRET) == expected
        places.add(place)
    assert places >= {999, 1_000, 7_000}


@given(st.uuids(), st.integers(0, 9_998))
def test_a_larger_hold_out_takes_nobody_out_of_it(subject: UUID, hold_out: int) -> None:
    """It is cut first, so who is held out stays held out."""
    smaller = shares(1, 10_000 - hold_out - 1, hold_out=hold_out)
    larger = shares(1, 10_000 - hold_out - 2, hold_out=hold_out + 1)
    if assign(smaller, subject, SECRET) is None:
        assert assign(larger, subject, SECRET) is None


def test_an_experiment_that_does_not_sum_up_cannot_assign() -> None:
    """It has a fault, so this is our own mistake."""
    with pytest.raises(AssertionError, match=r"^an experiment's shares sum to 10,000$"):
        [assign(shares(1, 1), subject, SECRET) for subject in SUBJECTS[:10]]


@pytest.mark.parametrize(
    ("experiment", "found"),
    [
        (EXPERIMENT, []),
        (shares(5_000, 5_000), []),
        (shares(2_000, 2_000, 2_000, 2_000, 2_000), []),
        (shares(9_999, 1), []),
        (shares(10_000), [("/variants", TWO_TO_FIVE)]),
        (shares(2_000, 2_000, 2_000, 2_000, 1_000, 1_000), [("/variants", TWO_TO_FIVE)]),
        (
            shares(5_000, 4_999),
            [("/variants", "The shares and the hold-out come to 9999, not 10,000.")],
        ),
        (
            shares(5_000, 5_000, hold_out=1),
            [("/variants", "The shares and the hold-out come to 10001, not 10,000.")],
        ),
        (shares(10_000, 0), [("/variants/1/weight", "A variant needs a share above 0.")]),
        (
            shares(5_001, 5_000, hold_out=-1),
            [("/hold_out", "The hold-out is a share of 0 or more.")],
        ),
        (
            replace(shares(5_000, 5_000), variants=(Variant(key="a", weight=5_000),) * 2),
            [("/variants/1/key", "Another variant has this key.")],
        ),
    ],
)
def test_each_fault_is_pointed_at(experiment: Experiment, found: list[tuple[str, str]]) -> None:
    """Shares that do not sum up, too few or many variants, the same key twice."""
    assert [(fault.pointer, fault.sentence) for fault in faults(experiment)] == found


@pytest.mark.parametrize(
    ("statistic", "degrees"),
    [
        (10.827566170662733, 1),
        (13.815510557964274, 2),
        (16.266236196238129, 3),
        (18.466826952903151, 4),
        (20.515005652432873, 5),
    ],
)
def test_the_limit_is_that_of_the_tables(statistic: float, degrees: int) -> None:
    """The critical values of chi-square at one in a thousand (NIST handbook, 1.3.6.7.4)."""
    cells = degrees + 1
    # Two cells off by the same amount, of 1,000,000 expected in each, give the statistic.
    off = (statistic * 1_000_000 / 2) ** 0.5
    counts = [1_000_000 + round(off), 1_000_000 - round(off)] + [1_000_000] * (cells - 2)
    assert sample_ratio_p(counts, [1] * cells) == pytest.approx(MISMATCH_P, rel=0.01)


@pytest.mark.parametrize(
    ("counts", "weights", "expected"),
    [
        ([5_000, 5_000], [5_000, 5_000], False),
        ([5_100, 4_900], [5_000, 5_000], False),
        ([5_200, 4_800], [5_000, 5_000], True),
        ([520, 480], [5_000, 5_000], False),
        ([0, 0], [5_000, 5_000], False),
        ([0, 10, 10], [0, 5_000, 5_000], False),
        ([1, 500, 500], [0, 5_000, 5_000], True),
        ([10, 0], [10_000, 0], False),
        ([100_000, 0], [1, 9_999], True),
    ],
)
def test_shares_too_far_from_planned_are_a_mismatch(
    counts: list[int], weights: list[int], *, expected: bool
) -> None:
    """More counts see smaller differences; nobody at all shows nothing."""
    assert is_mismatch(counts, weights) is expected


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 9_999)), min_size=2, max_size=6))
def test_it_is_always_a_probability_and_in_any_order_the_same(
    pairs: list[tuple[int, int]],
) -> None:
    """From 0 to 1, whatever the shares."""
    counts, weights = [list(each) for each in zip(*pairs, strict=True)]
    p = sample_ratio_p(counts, weights)
    assert 0 <= p <= 1
    assert sample_ratio_p(counts[::-1], weights[::-1]) == pytest.approx(p)


def test_counts_without_weights_are_our_own_mistake() -> None:
    """Nobody reads a test of other things than were compared."""
    with pytest.raises(AssertionError, match=r"^a count for each weight"):
        sample_ratio_p([1, 2], [1, 2, 3])
