"""JSON Pointers (RFC 6901): where in a document something is."""


def pointed(pointer: str, *names: str | int) -> str:
    """Return the pointer of what is inside of a place; "" is the whole document (section 3)."""
    for name in names:
        pointer = f"{pointer}/{_escaped(str(name))}"
    return pointer


def _escaped(name: str) -> str:
    # Nearly no name needs it, and every value that is read has a pointer.
    if "~" in name or "/" in name:
        return name.replace("~", "~0").replace("/", "~1")
    return name
