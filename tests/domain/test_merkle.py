"""The Merkle tree of RFC 6962, held against the examples of its reference implementation."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.merkle import root

# https://github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("count", range(1, len(LEAVES) + 1))
def test_the_root_is_that_of_the_reference(count: int) -> None:
    """For every number of leaves, also those that are no power of two."""
    assert root(LEAVES[:count]).hex() == ROOTS[count - 1]


def test_nothing_has_a_root_too() -> None:
    """The hash of no bytes."""
    assert root([]) == sha256(b"").digest()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=9), st.data())
def test_every_leaf_counts(leaves: list[bytes], data: st.DataObject) -> None:
    """Another leaf, another root."""
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[at] += b"x"
    assert root(changed) != root(leaves)
