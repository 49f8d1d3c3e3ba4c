"""The languages a browser says its owner reads."""

from aiohttp import web

LANGUAGES_MAX = 10


def wanted_languages(request: web.Request) -> list[str]:
    """Return the tags of Accept-Language in the order they stand in, which is that of browsers.

    Weights are not looked at: no browser writes the one it likes less first.
    https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
    """
    header = request.headers.get("Accept-Language", "")
    ranges = header.split(",", LANGUAGES_MAX)[:LANGUAGES_MAX]
    return [each.partition(";")[0].strip() for each in ranges]
