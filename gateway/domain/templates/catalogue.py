"""The catalogue of templates: the JSON files beside this one."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated

from gateway.domain.configurations.limits import Characters
from gateway.domain.configurations.reading import read
from gateway.domain.errors import NotFound
from gateway.domain.programs import NAME_CHARACTERS_MAX, Look
from gateway.domain.rules.keys import Key
from gateway.domain.rules.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A program for an industry, as a merchant finds it before changing anything."""

    key: Key
    industry: Annotated[str, Characters(30)]
    name: Annotated[str, Characters(NAME_CHARACTERS_MAX)]
    description: Annotated[str, Characters(200)]
    look: Look
    plan: Plan


@cache
def templates() -> tuple[Template, ...]:
    """Return all templates, sorted by industry."""
    found = [
        read(Template, json.loads(file.read_text("utf-8")))
        for file in files("gateway.domain.templates").iterdir()
        if file.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda template: template.industry))


def template(key: str) -> Template:
    """Return the template of a key, or raise `NotFound`."""
    for each in templates():
        if each.key == key:
            return each
    raise NotFound("There is no such template.")
