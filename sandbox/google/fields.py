"""Partial responses: what the `fields` parameter leaves of an answer.

https://developers.google.com/wallet/generic/resources/performance-tips
"""

from typing import Any

from sandbox.google.refusals import invalid


def partial(content: Any, fields: str) -> Any:  # noqa: ANN401 -- any JSON in, less of it out
    """Keep the named fields: ``id,messages/id,loyaltyPoints(balance)``."""
    if fields in {"", "*"}:
        return content
    if isinstance(content, list):
        return [partial(each, fields) for each in content]
    if not isinstance(content, dict):
        raise invalid(f"Invalid field selection {fields}")
    kept: dict[str, Any] = {}
    for selected in _split(fields):
        name, _, below = selected.replace("(", "/", 1).partition("/")
        if "(" in selected.split("/", 1)[0]:
            below = below.removesuffix(")")
        if name in content:
            kept[name] = partial(content[name], below)
    return kept


def _split(fields: str) -> list[str]:
    """Split at the commas that stand outside of brackets."""
    found, depth = [""], 0
    for character in fields:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found
