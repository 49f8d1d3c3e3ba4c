"""What can be wrong with texts: empty ones, languages that are none, names used twice.

Recommended lengths are no rules: Google cuts what is longer on small screens, nothing else.
"""

import re
from collections.abc import Iterator, Sequence

from passes.encoding import is_encodable
from passes.errors import Problem
from passes.google.checks.address_rules import uri_problems
from passes.google.texts import Link, LocalizedString, Message, TextModule, TimeInterval

TEXT_MODULES_MAX = 10
"""The greatest number shown of a class, and again of an object."""

# Language, script, region and variants (RFC 5646 §2.1); extensions are no wallet's language.
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*"
)
# No dots, because a template's path separates fields with them.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ID_SENTENCE = "An id is 1 to 64 letters, digits, _ or -, without dots."


def text_problems(content: LocalizedString, where: str) -> Iterator[Problem]:
    """Find a text that is empty in some language, or in a language that is none."""
    texts = ((content.language, content.value), *content.translations.items())
    for language, value in texts:
        yield from written_problems(value, where)
        if not _LANGUAGE.fullmatch(language):
            sentence = f"{language!r} is no language; write en, de-AT or zh-Hant-HK (BCP 47)."
            yield Problem("language.invalid", where, sentence)


def written_problems(text: str, where: str) -> Iterator[Problem]:
    """Find what says nothing, and what cannot be written down."""
    if not text.strip():
        yield Problem("text.empty", where, "A text cannot be empty.")
    if not is_encodable(text):
        yield Problem("text.unencodable", where, "The text holds half a surrogate pair.")


def text_module_problems(modules: Sequence[TextModule]) -> Iterator[Problem]:
    """Find modules that are not shown, and names that a template could not tell apart."""
    path = "textModulesData"
    yield from count_problems(path, len(modules), TEXT_MODULES_MAX)
    yield from _id_problems(path, [module.id for module in modules])
    for index, module in enumerate(modules):
        yield from text_problems(module.header, f"{path}[{index}].header")
        yield from text_problems(module.body, f"{path}[{index}].body")


def link_problems(links: Sequence[Link]) -> Iterator[Problem]:
    """Find links that lead nowhere or say nothing."""
    path = "linksModuleData.uris"
    yield from _id_problems(path, [link.id for link in links])
    for index, link in enumerate(links):
        yield from uri_problems(link.uri, f"{path}[{index}].uri")
        yield from text_problems(link.description, f"{path}[{index}].description")


def message_problems(message: Message, where: str) -> Iterator[Problem]:
    """Find a message that says nothing, cannot be found again, or is never shown."""
    if not _ID.fullmatch(message.id):
        yield Problem("id.invalid", f"{where}.id", _ID_SENTENCE)
    yield from text_problems(message.header, f"{where}.header")
    yield from text_problems(message.body, f"{where}.body")
    if message.shown is not None:
        yield from interval_problems(message.shown, f"{where}.displayInterval")


def interval_problems(interval: TimeInterval, where: str) -> Iterator[Problem]:
    """Find a time without a zone (offset on both or on neither: ours on both), and no time."""
    ends = {"start": interval.start, "end": interval.end}
    moments = {name: moment for name, moment in ends.items() if moment is not None}
    naive = [name for name, moment in moments.items() if moment.utcoffset() is None]
    for name in naive:
        sentence = "A time needs a zone, else it means no moment."
        yield Problem("date.zone-missing", f"{where}.{name}", sentence)
    if not moments:
        yield Problem("interval.empty", where, "An interval has a start, an end, or both.")
    elif not naive and interval.start and interval.end and interval.end <= interval.start:
        yield Problem("interval.backwards", where, "The end comes after the start.")


def count_problems(path: str, count: int, count_max: int) -> Iterator[Problem]:
    """Find a list longer than Google takes or shows."""
    if count > count_max:
        sentence = f"Google takes at most {count_max}, and there are {count}."
        yield Problem("count.too-many", path, sentence)


def _id_problems(path: str, ids: Sequence[str]) -> Iterator[Problem]:
    for index, one in enumerate(ids):
        where = f"{path}[{index}].id"
        if not _ID.fullmatch(one):
            yield Problem("id.invalid", where, _ID_SENTENCE)
        if one in ids[:index]:
            yield Problem("id.duplicate", where, f"The id {one!r} is used twice.")
