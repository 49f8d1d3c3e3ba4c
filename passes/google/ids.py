"""The names of classes and objects: an issuer's number, a dot, and a suffix we choose.

They appear in links, callbacks and logs, so a suffix says nothing about a person.
Source: https://developers.google.com/wallet/reference/rest/v1/loyaltyobject
"""

import re
from dataclasses import dataclass
from typing import Self

# Google publishes no greatest length; ours are far shorter.
SUFFIX_CHARACTERS_MAX = 64

_ISSUER_ID = re.compile(r"[0-9]{1,20}")
_SUFFIX = re.compile(rf"[A-Za-z0-9._-]{{1,{SUFFIX_CHARACTERS_MAX}}}")


def is_issuer_id(text: str) -> bool:
    """Say whether this can be the number Google gave an issuer."""
    return _ISSUER_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class ResourceId:
    """The name of a class or an object; making one that Google would refuse is a ValueError."""

    issuer_id: str
    suffix: str

    def __post_init__(self) -> None:
        """Refuse what is no name, without repeating it: it may come from a stranger."""
        if not is_issuer_id(self.issuer_id) or not _SUFFIX.fullmatch(self.suffix):
            raise ValueError("an id is an issuer's number, a dot, and letters, digits or . _ -")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``issuer.suffix``; raises ValueError for anything else."""
        issuer_id, _, suffix = text.partition(".")
        return cls(issuer_id, suffix)

    def __str__(self) -> str:
        """Write the name as Google takes it."""
        return f"{self.issuer_id}.{self.suffix}"


class ClassId(ResourceId):
    """The name of a class: what all cards of one program share."""

    __slots__ = ()


class ObjectId(ResourceId):
    """The name of an object: one card."""

    __slots__ = ()
