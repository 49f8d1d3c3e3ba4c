"""Words of a pass in several languages: `<language>.lproj/pass.strings`.

Source: https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from passes.apple.pictures.images import image_problems
from passes.encoding import is_encodable
from passes.errors import Problem

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"},
)


@dataclass(frozen=True, slots=True)
class Localisation:
    """The strings and images of one language, such as ``de`` or ``pt-BR``."""

    language: str
    strings: Mapping[str, str]
    images: Mapping[str, bytes] = field(default_factory=dict)


def pass_strings(strings: Mapping[str, str]) -> bytes:
    """Write pass.strings, sorted by key, with quotes and backslashes escaped.

    Apple asks for UTF-16 when there is anything beyond ASCII; plain ASCII stays as it is.
    Raises UnicodeEncodeError for half a surrogate pair; validation has named it before.
    """
    text = "".join(
        f'"{key.translate(_ESCAPES)}" = "{value.translate(_ESCAPES)}";\n'
        for key, value in sorted(strings.items())
    )
    if text.isascii():
        return text.encode("ascii")
    return b"\xff\xfe" + text.encode("utf-16-le")


def localised_files(localisations: Sequence[Localisation]) -> dict[str, bytes]:
    """Give every file of the languages by its path in the pass."""
    files = {}
    for localisation in localisations:
        folder = f"{localisation.language}.lproj/"
        files[f"{folder}pass.strings"] = pass_strings(localisation.strings)
        files.update({f"{folder}{name}": data for name, data in localisation.images.items()})
    return files


def localisation_problems(
    localisations: Sequence[Localisation], images: Mapping[str, bytes]
) -> Iterator[Problem]:
    """Find languages that differ in keys or images, or images that hide translated ones."""
    for localisation in localisations:
        folder = f"{localisation.language}.lproj/"
        if not _LANGUAGE.fullmatch(localisation.language):
            sentence = "A language is written like de, pt-BR or zh-Hans."
            yield Problem("localisation.language", folder, sentence)
        yield from image_problems(localisation.images, folder)
        yield from _text_problems(localisation, folder)
        for name in sorted(localisation.images.keys() & images.keys()):
            sentence = "The image without a language hides this one; keep one of the two."
            yield Problem("localisation.image-hidden", f"{folder}{name}", sentence)
    yield from _differences(localisations)


def _text_problems(localisation: Localisation, folder: str) -> Iterator[Problem]:
    for key, text in localisation.strings.items():
        if not is_encodable(key) or not is_encodable(text):
            where = f"{folder}pass.strings"
            yield Problem("text.unencodable", where, "A text holds half a surrogate pair.")


def _differences(localisations: Sequence[Localisation]) -> Iterator[Problem]:
    languages = Counter(each.language for each in localisations)
    for language, count in languages.items():
        if count > 1:
            yield Problem("localisation.twice", f"{language}.lproj/", "The language comes twice.")
    if len({frozenset(each.strings) for each in localisations}) > 1:
        sentence = "All languages must translate the same keys."
        yield Problem("localisation.keys-differ", "pass.strings", sentence)
    if len({frozenset(each.images) for each in localisations}) > 1:
        sentence = "All languages must have the same images."
        yield Problem("localisation.images-differ", "*.lproj/", sentence)
