"""Reads typed values out of environment variables and collects everything wrong with them."""

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

PREFIX = "PASSGATE_"
FILE_SUFFIX = "_FILE"
SECRET_FILE_BYTES_MAX = 64 * 1024


class Environment:
    """A mapping of variables; a bad value is noted as a problem and reading goes on.

    Every reader returns a stand-in after noting a problem, so that one pass finds all of them;
    what was read may be used only while `problems` is empty.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._variables = {
            name: value for name, value in variables.items() if name.startswith(PREFIX)
        }
        self._known: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        """Return the variable's text; without a default it must be given."""
        value = self._variable(name)
        if value is not None:
            return value
        if default is None:
            self.note(name, "is missing")
        return default or ""

    def secret(self, name: str) -> str:
        """Return a text given in the variable, or in the file that `<variable>_FILE` names."""
        value = self.optional_secret(name)
        if value is None:
            self.note(name, f"is missing (or {PREFIX}{name}{FILE_SUFFIX}, a file that holds it)")
        return value or ""

    def optional_secret(self, name: str) -> str | None:
        """Return a secret as `secret` does, or None where neither variable is given."""
        value, path = self._variable(name), self._variable(name + FILE_SUFFIX)
        if value is not None and path is not None:
            self.note(name, "and its _FILE are both given; keep one")
        if value is None and path is not None:
            return self._file(name + FILE_SUFFIX, Path(path))
        return value

    def key(self, name: str, *, bytes_min: int) -> bytes:
        """Return the bytes of a base64 secret that must be at least so long."""
        text = self.secret(name)
        try:
            key = base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}), validate=True)
        except (binascii.Error, ValueError):
            self.note(name, "is not base64")
            return b""
        if text and len(key) < bytes_min:
            self.note(name, f"holds {len(key)} bytes and needs {bytes_min} or more")
        return key

    def number(self, name: str, default: int, *, smallest: int, largest: int) -> int:
        """Return a whole number within its limits."""
        text = self.text(name, str(default))
        if not text.isascii() or not text.isdecimal() or not smallest <= int(text) <= largest:
            self.note(name, f"must be a whole number from {smallest} to {largest}, not {text!r}")
            return default
        return int(text)

    def choice(self, name: str, default: str, *, among: Iterable[str]) -> str:
        """Return one of a few words."""
        text, words = self.text(name, default), sorted(among)
        if text not in words:
            self.note(name, f"must be one of {', '.join(words)}, not {text!r}")
            return default
        return text

    def words(self, name: str, default: str = "", *, among: Collection[str]) -> tuple[str, ...]:
        """Return a comma-separated list of known words, in its order and each once."""
        words = tuple(dict.fromkeys(self.text(name, default).replace(",", " ").split()))
        for word in words:
            if word not in among:
                self.note(name, f"must list known words, not {word!r}")
        return tuple(word for word in words if word in among)

    def optional_mail_address(self, name: str) -> str | None:
        """Return a mail address, or None where it is not given."""
        text = self._variable(name)
        if text is not None and not _is_mail_address(text):
            self.note(name, f"must look like cards@example.com, not {text!r}")
        return text

    def origin(self, name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
        """Return a URL of scheme, host and port only, without a slash at its end."""
        text = self.text(name, default).rstrip("/")
        if text and not _is_origin(text, schemes):
            self.note(name, f"must look like {schemes[0]}://host, not {text!r}")
        return text

    def optional_origin(self, name: str, *, schemes: tuple[str, ...]) -> str | None:
        """Return a URL as `origin` does, or None where it is not given."""
        return None if self._variable(name) is None else self.origin(name, schemes=schemes)

    def page(self, name: str, default: str, *, schemes: tuple[str, ...]) -> str:
        """Return a URL with a path, and without anything that would have to be hidden."""
        text = self.text(name, default)
        origin, _, path = text.partition("://")[2].partition("/")
        scheme = text.partition("://")[0]
        if not path or not _is_origin(f"{scheme}://{origin}", schemes) or set("?#@") & set(text):
            self.note(name, f"must look like {schemes[0]}://host/path, not {text!r}")
        return text

    def address(self, name: str, *, schemes: tuple[str, ...]) -> str:
        """Return a server's URL, which may carry a password and so is never shown."""
        return self._checked_address(name, self.secret(name), schemes)

    def optional_address(self, name: str, *, schemes: tuple[str, ...]) -> str | None:
        """Return a server's URL as `address` does, or None where it is not given."""
        text = self.optional_secret(name)
        return None if text is None else self._checked_address(name, text, schemes)

    def folder(self, name: str) -> Path | None:
        """Return an existing folder, or None where it is not given."""
        text = self._variable(name)
        if text is not None and not Path(text).is_dir():
            self.note(name, f"names no folder: {text!r}")
        return None if text is None else Path(text)

    def file(self, name: str) -> Path | None:
        """Return an existing file, or None where it is not given."""
        text = self._variable(name)
        if text is not None and not Path(text).is_file():
            self.note(name, f"names no file: {text!r}")
        return None if text is None else Path(text)

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return a comma-separated list of networks such as 10.0.0.0/8."""
        networks = []
        for word in self.text(name, "").replace(",", " ").split():
            try:
                networks.append(ip_network(word))
            except ValueError:
                self.note(name, f"must list networks such as 10.0.0.0/8, not {word!r}")
        return tuple(networks)

    def places(self, name: str, *, among: Collection[str]) -> frozenset[tuple[str, int]]:
        """Return a comma-separated list such as localhost:9000 as hosts, of these, and ports."""
        places = set()
        for word in self.text(name, "").replace(",", " ").split():
            host, _, port = word.rpartition(":")
            host = host.strip("[]")
            if host not in among or not port.isascii() or not port.isdecimal():
                self.note(name, f"must list places such as localhost:9000, not {word!r}")
            else:
                places.add((host, int(port)))
        return frozenset(places)

    def note(self, name: str, problem: str) -> None:
        """Remember what is wrong with a variable."""
        self.problems.append(f"{PREFIX}{name} {problem}")

    def note_unknown(self) -> None:
        """Note every variable nobody asked for: most often a slip of the finger."""
        for name in sorted(self._variables.keys() - self._known):
            self.note(name.removeprefix(PREFIX), "is not a setting")

    def _variable(self, name: str) -> str | None:
        self._known.add(PREFIX + name)
        return self._variables.get(PREFIX + name, "").strip() or None

    def _checked_address(self, name: str, text: str, schemes: tuple[str, ...]) -> str:
        if text and not _is_address(text, schemes):
            self.note(name, f"must look like {schemes[0]}://user:password@host:port/name")
        return text

    def _file(self, name: str, path: Path) -> str | None:
        try:
            with path.open() as file:
                content = file.read(SECRET_FILE_BYTES_MAX).strip()
        except (OSError, UnicodeDecodeError) as error:
            self.note(name, f"cannot be read: {type(error).__name__}")
            return ""
        if not content:
            self.note(name, "names an empty file")
        return content


def _is_origin(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        is_bare = parts.netloc == text.partition("://")[2] and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and "@" not in text and is_bare


def _is_mail_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
