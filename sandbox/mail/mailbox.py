"""The letters that arrived, in memory and in a folder that outlives a restart."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from sandbox.mail.checks import faults_of, one_click_url, read

LETTERS_KEPT_MAX = 500
_ID = re.compile(r"[0-9]{16}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail as it arrived; `id` begins with its moment, so that ids sort by age."""

    id: str
    sender: str
    recipient: str
    content: bytes = field(repr=False)
    message: EmailMessage = field(repr=False)
    faults: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The subject as people read it."""
        return str(self.message.get("Subject", ""))

    @property
    def one_click(self) -> str | None:
        """Where a mailbox provider would unsubscribe its user."""
        return one_click_url(self.message)

    def body(self, kind: str) -> str:
        """Return the `plain` or `html` form; empty if there is none."""
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


class Mailbox:
    """Keeps the newest letters, each as an .eml file beside the envelope it came in."""

    def __init__(self, folder: Path) -> None:
        """Take the folder and the letters that are in it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._letters: dict[str, Letter] = {}
        for path in sorted(folder.glob("*.eml")):
            self._take_back(path)

    def __iter__(self) -> Iterator[Letter]:
        """Go through the letters, newest first."""
        return reversed(list(self._letters.values()))

    def find(self, letter_id: str) -> Letter | None:
        """Return a letter by its id."""
        return self._letters.get(letter_id)

    def keep(self, sender: str, recipient: str, content: bytes, microseconds: int) -> Letter:
        """Put a new mail into the box, and throw the oldest away when it is full."""
        letter = _letter(f"{microseconds:016}-{uuid4().hex[:8]}", sender, recipient, content)
        path = self._folder / f"{letter.id}.eml"
        envelope = json.dumps({"sender": sender, "recipient": recipient})
        path.with_suffix(".json").write_text(envelope)
        path.write_bytes(content)
        self._letters[letter.id] = letter
        while len(self._letters) > LETTERS_KEPT_MAX:
            oldest = self._folder / f"{next(iter(self._letters))}.eml"
            del self._letters[oldest.stem]
            oldest.unlink(missing_ok=True)
            oldest.with_suffix(".json").unlink(missing_ok=True)
        return letter

    def _take_back(self, path: Path) -> None:
        envelope = path.with_suffix(".json")
        if _ID.fullmatch(path.stem) and envelope.is_file():
            said = json.loads(envelope.read_text())
            letter = _letter(path.stem, said["sender"], said["recipient"], path.read_bytes())
            self._letters[letter.id] = letter


def _letter(letter_id: str, sender: str, recipient: str, content: bytes) -> Letter:
    return Letter(
        id=letter_id,
        sender=sender,
        recipient=recipient,
        content=content,
        message=read(content),
        faults=faults_of(content, sender, recipient),
    )
