"""What cannot stand in words that are sent in somebody's name: hidden signs, braces, bad links."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from gateway.domain.wording_placeholders import BRACED, Placeholder

LINKS_MAX = 5
PLACEHOLDERS_MAX = 20

LINK = re.compile(r"https://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)\]’']")
"""A link in running text, without the full stop or the bracket after it."""

# Fixed spaces, which French needs before some marks, and the joiner that composed emoji need.
_ALLOWED_UNPRINTABLE = frozenset("\u00a0\u202f\u200d")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://\S*", re.IGNORECASE)
_RUNNING = re.compile(r"\b(?:javascript|vbscript)\s*:|\b(?:data|blob|file):\S", re.IGNORECASE)


def hidden_fault(text: str, *, lines: bool) -> str | None:
    """Return a sentence about signs that nobody sees, such as those that turn the writing round.

    Line feeds are welcome where a text may have several `lines`.
    """
    if text.isprintable():
        return None
    allowed = _ALLOWED_UNPRINTABLE | ({"\n"} if lines else frozenset())
    if all(character.isprintable() or character in allowed for character in text):
        return None
    if not lines and "\n" in text:
        return "Please write this on one line."
    return "Please leave out characters that cannot be seen."


def brace_fault(text: str, allowed: Collection[Placeholder]) -> str | None:
    """Return a sentence about anything in braces that is not an allowed placeholder."""
    names = {placeholder.name for placeholder in allowed}
    used = BRACED.findall(text)
    for name in used:
        if name not in names:
            offered = ", ".join(placeholder.braced for placeholder in allowed)
            return f"There is no {{{{ {name} }}}} here. You can use {offered}."
    if len(used) > PLACEHOLDERS_MAX:
        return f"Please use at most {PLACEHOLDERS_MAX} placeholders."
    rest = BRACED.sub("", text)
    if "{" in rest or "}" in rest:
        return "Please use braces only for placeholders such as {{ merchant }}."
    return None


def link_fault(text: str) -> str | None:
    """Return a sentence about links that are not whole and plain `https://` addresses."""
    if _RUNNING.search(text):
        return "Please use only links that begin with https://."
    addresses = list(_ADDRESS.finditer(text))
    if any(found[1] != "https" for found in addresses):
        return "Please use only links that begin with https://."
    if len(addresses) > LINKS_MAX:
        return f"Please use at most {LINKS_MAX} links."
    if any(not _is_whole(found[0]) for found in addresses):
        return "Please write each link in full, without placeholders or passwords in it."
    return None


def has_link(text: str) -> bool:
    """Whether anything in the text is an address."""
    return _ADDRESS.search(text) is not None


def _is_whole(address: str) -> bool:
    """Whether it is what our mails make a link of, and leads to a named host."""
    found = LINK.match(address)
    if found is None or "{" in address or "}" in address:
        return False
    try:
        parts = urlsplit(found[0])
    except ValueError:
        return False
    return "." in (parts.hostname or "") and "@" not in parts.netloc
