"""What Google demands of texts in several languages.

https://developers.google.com/wallet/reference/rest/v1/LocalizedString
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

DEFAULT, TRANSLATED = "defaultValue", "translatedValues"

# BCP 47: language, script, region and variants.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*")


def text_faults(content: object) -> Iterator[str]:
    """Give what is wrong with each text in several languages, however deep it lies."""
    if isinstance(content, list):
        for each in content:
            yield from text_faults(each)
    elif isinstance(content, dict):
        if DEFAULT in content or TRANSLATED in content:
            yield from _faults(content)
        for each in content.values():
            yield from text_faults(each)


def _faults(text: Mapping[str, Any]) -> Iterator[str]:
    if DEFAULT not in text:
        yield "A localized string must have a defaultValue."
    said = [text.get(DEFAULT, {}), *text.get(TRANSLATED, [])]
    for each in said:
        language = each.get("language", "")
        if not _TAG.fullmatch(language):
            yield f"{language!r} is no BCP 47 language tag."
        if not each.get("value"):
            yield f"The text in {language!r} is empty."
    languages = [each.get("language") for each in text.get(TRANSLATED, [])]
    if len(set(languages)) < len(languages):
        yield "A language is translated twice."
