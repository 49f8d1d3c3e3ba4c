"""What a configuration may hold, as JSON Schema, and the templates to begin with."""

from collections.abc import Mapping

import msgspec
from aiohttp import web

from gateway.domain.configurations.describing import json_schema
from gateway.domain.configurations.writing import written
from gateway.domain.errors import NotFound
from gateway.domain.rewards import RewardDesign
from gateway.domain.rules.plan import Plan
from gateway.domain.segments import Segment
from gateway.domain.templates.catalogue import Template, templates
from gateway.web.answers import json_answer
from gateway.web.api.program_shapes import Look, WrittenPlan, shown_look

_SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "plan": json_schema(Plan),
    "reward": json_schema(RewardDesign),
    "segment": json_schema(Segment),
}


class ShownTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A program for an industry; `name`, `plan` and `look` can be sent as a new program."""

    key: str
    industry: str
    name: str
    description: str
    plan: WrittenPlan
    look: Look


class Templates(msgspec.Struct, frozen=True):
    """The templates, by industry."""

    items: list[ShownTemplate]


class SchemaNames(msgspec.Struct, frozen=True):
    """The names of the schemas that are served."""

    items: list[str]


async def list_schemas(_request: web.Request) -> web.Response:
    """List what there is a JSON Schema of."""
    return json_answer(SchemaNames(sorted(_SCHEMAS)))


async def show_schema(request: web.Request) -> web.Response:
    """Show the JSON Schema (2020-12) of a configuration, made from the types that read it."""
    schema = _SCHEMAS.get(request.match_info["name"])
    if schema is None:
        raise NotFound("There is no schema of this name.")
    return json_answer(schema)


async def list_templates(_request: web.Request) -> web.Response:
    """List the templates a program can begin with."""
    return json_answer(Templates([_shown(template) for template in templates()]))


def _shown(template: Template) -> ShownTemplate:
    return ShownTemplate(
        key=template.key,
        industry=template.industry,
        name=template.name,
        description=template.description,
        plan=written(template.plan),
        look=shown_look(template.look),
    )
