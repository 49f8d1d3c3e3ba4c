"""What a patch makes of a resource: RFC 7396, by which null takes a member away.

Google's pages say that a patch changes what it names and replaces arrays, and not whether what an
object has inside is merged or replaced. Here it is merged, which a client has to bear that relies
on neither.
"""

from collections.abc import Mapping
from typing import Any

Content = dict[str, Any]


def merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> Content:
    """Return what a patch leaves."""
    content = dict(before)
    for name, value in patch.items():
        if isinstance(value, Mapping):
            inside = content.get(name)
            content[name] = merged(inside if isinstance(inside, Mapping) else {}, value)
        else:
            content[name] = value
    return {name: value for name, value in content.items() if value is not None}


def without_nulls(body: Mapping[str, Any]) -> Content:
    """Return a body as Google reads it: null is the same as not there, but for a patch."""
    return merged({}, body)
