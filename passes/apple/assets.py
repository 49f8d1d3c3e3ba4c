"""Images and translations that many passes share: checked, hashed and laid out once."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from passes.apple.archive import StoredFiles, lay_out
from passes.apple.localisation import Localisation, localisation_problems, localised_files
from passes.apple.pictures.images import image_problems, missing_images
from passes.errors import Problem

PASS_FILE = "pass.json"


@dataclass(frozen=True, slots=True)
class Assets:
    """Prepared files, kept by the caller for as long as a design lives.

    Preparing half a megabyte costs about a millisecond; each pass then reuses it. What is wrong
    with the files is found once, and told together with whatever is wrong with a pass.
    """

    names: frozenset[str]
    found: tuple[Problem, ...]
    stored: StoredFiles = field(repr=False)
    _manifest_before: bytes = field(repr=False)
    _manifest_after: bytes = field(repr=False)

    @classmethod
    def prepare(
        cls, images: Mapping[str, bytes], localisations: Sequence[Localisation] = ()
    ) -> "Assets":
        """Prepare images by file name (``strip@2x.png``), and translations."""
        found = tuple(_problems(images, localisations))
        # Files with problems are never packed, and may not even be encodable.
        files = {} if found else dict(sorted({**images, **localised_files(localisations)}.items()))
        lines = {name: _manifest_line(name, data) for name, data in files.items()}
        before = [line + b"," for name, line in lines.items() if name < PASS_FILE]
        after = [b"," + line for name, line in lines.items() if name > PASS_FILE]
        return cls(
            names=frozenset(images),
            found=found,
            stored=lay_out(files),
            _manifest_before=b"".join(before),
            _manifest_after=b"".join(after),
        )

    def manifest(self, pass_file: bytes) -> bytes:
        """Write manifest.json around this pass.json: SHA-1 in hex by name, sorted, compact.

        The digest is Apple's choice; what protects the pass is the SHA-256 signature over it.
        """
        own = _manifest_line(PASS_FILE, pass_file)
        return b"".join((b"{", self._manifest_before, own, self._manifest_after, b"}"))


def _manifest_line(name: str, data: bytes) -> bytes:
    # Names are plain ASCII letters, digits and "@.-/", so they need no escaping.
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return f'"{name}":"{digest}"'.encode()


def _problems(
    images: Mapping[str, bytes], localisations: Sequence[Localisation]
) -> Iterator[Problem]:
    yield from missing_images(images)
    yield from image_problems(images)
    yield from localisation_problems(localisations, images)
