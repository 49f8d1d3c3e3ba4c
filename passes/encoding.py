"""Whether a text can be written down at all."""


def is_encodable(text: str) -> bool:
    """Say whether the text can be written in UTF-8: not so with half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
