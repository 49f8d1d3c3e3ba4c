"""Database addresses: one form in the settings, the two drivers' forms derived from it."""


def driver_url(url: str) -> str:
    """Return SQLAlchemy's form of a `postgresql://` URL."""
    return "postgresql+asyncpg" + url[url.index("://") :]
