"""Text on the back of a pass made clickable, as data detectors do, and never as raw HTML.

https://developer.apple.com/documentation/walletpasses/passfieldcontent (attributedValue)
"""

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def linked(text: str) -> Markup:
    """The text with its web and mail addresses as links; everything else is escaped."""
    pieces = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found.group()
        target = address if address.startswith("http") else f"mailto:{address}"
        pieces.append(escape(text[end : found.start()]))
        pieces.append(
            Markup('<a href="{}" rel="noreferrer" target="_blank">{}</a>').format(target, address)
        )
        end = found.end()
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)
