"""What the documents name is there: every event, and every file."""

import re
from pathlib import Path

from gateway.domain.events.catalogue import EVENTS

DOCS = Path(__file__).parent.parent / "docs"
_FAMILY = re.compile(r"`(loyalty\.[a-z_]+)(\.[a-z_]+)`((?:, `\.[a-z_]+`)*)")


def test_every_event_is_told_of_to_receivers_of_webhooks() -> None:
    """The table names all of them and no other."""
    table = (DOCS / "webhooks.md").read_text().partition("## Events")[2].partition("\n## ")[0]
    told = [
        family + name
        for family, first, others in _FAMILY.findall(table)
        for name in (first, *re.findall(r"\.[a-z_]+", others))
    ]
    assert sorted(told) == sorted(event.type for event in EVENTS)


def test_every_file_that_a_document_names_is_there() -> None:
    """By a link, or by its path from the root."""
    root = DOCS.parent
    for page in (*root.glob("*.md"), *DOCS.rglob("*.md")):
        text = page.read_text()
        links = re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", text)
        paths = re.findall(r"`((?:gateway|workers|passes|sandbox|tests|docs)/[\w./-]*)`", text)
        missing = [link for link in links if not (page.parent / link).exists()]
        missing += [path for path in paths if not (root / path).exists()]
        assert missing == [], page.name
