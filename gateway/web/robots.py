"""What crawlers may visit: nothing, but where Google Wallet's own agents have business."""

from aiohttp import web

# Google asks here before it calls back or fetches a logo, under the name of its crawler.
# The longest rule that fits decides (RFC 9309 §2.2.2).
_RULES = """User-agent: *
Allow: /callbacks/google/
Allow: /google/logos/
Disallow: /
"""


async def robots(_request: web.Request) -> web.Response:
    """Tell crawlers what they may visit."""
    return web.Response(text=_RULES, headers={"Cache-Control": "public, max-age=86400"})
