"""Pages: templates compiled once, everything escaped, nothing undefined."""

from functools import partial
from pathlib import Path

import jinja2
from aiohttp import web
from markupsafe import Markup

from gateway.web import csrf
from gateway.web.keys import TEMPLATES, WIRING

TEMPLATE_FOLDER = Path(__file__).parent.parent / "templates"


def environment(*folders: Path) -> jinja2.Environment:
    """Make an environment of `folders`, ours last.

    Every template is compiled now, so that a broken one stops the start and not a visitor.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, TEMPLATE_FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in made.list_templates(extensions=["html"]):
        made.get_template(name)
    return made


def page(
    request: web.Request, template: str, *, status: int = 200, **values: object
) -> web.Response:
    """Render a page.

    Every template knows `asset(path)`, the address of a static file, `csrf_field()`, the hidden
    field each form needs, and `csrf_token()` for a script that posts.
    """
    text = (
        request.app[TEMPLATES]
        .get_template(template)
        .render(
            values,
            asset=request.app[WIRING].assets.url,
            csrf_token=partial(csrf.token, request),
            csrf_field=partial(_csrf_field, request),
        )
    )
    response = web.Response(text=text, status=status, content_type="text/html")
    csrf.remember_visit(request, response)
    return response


def _csrf_field(request: web.Request) -> Markup:
    field = '<input type="hidden" name="{}" value="{}">'
    return Markup(field).format(csrf.FIELD, csrf.token(request))  # noqa: S704 -- format() escapes
