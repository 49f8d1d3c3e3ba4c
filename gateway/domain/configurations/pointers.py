"""JSON Pointers (RFC 6901): where in a document something is."""


def pointed(pointer: str, *names: str | int) -> str:
    """Return the pointer of what is inside of a place; "" is the whole document (section 3)."""
    escaped = (str(name).replace("~", "~0").replace("/", "~1") for name in names)
    return "/".join((pointer, *escaped))
