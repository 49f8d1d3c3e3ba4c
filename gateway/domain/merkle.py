"""One hash over many: the Merkle tree of RFC 6962 section 2.1."""

from collections.abc import Sequence
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of the leaves in their order; of none, that of no bytes."""
    if not leaves:
        return sha256().digest()
    level = [sha256(_LEAF + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [
            sha256(_NODE + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)
        ]
        # Who has no neighbour goes up as it is, which is the same as RFC 6962's largest power of
        # two below the number of leaves on the left.
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]
