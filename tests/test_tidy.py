"""House rules that no linter knows."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
# Names that say nothing; what lands in such a file has a home elsewhere.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
KEY_BEGINS = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}")
FOREIGN_HOSTS = re.compile(
    r"https?://(?:[\w.-]*\bcdn\b[\w.-]*|[\w.-]*jsdelivr\.net|unpkg\.com|fonts\.(?:googleapis|gstatic)\.com)"
)
# Split, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/" + r"(?:home|Users|root)/[\w.]+")
MIGRATION_NAME = re.compile(r"\d{4}_\d{2}_\d{2}_(?:pre|post)_\w+\.py")
LEFTOVERS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def files() -> list[Path]:
    """Return everything that is, or is about to be, in version control."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    paths = (ROOT / line for line in listing.stdout.splitlines())
    return [path for path in paths if path.is_file()]


def sources() -> Iterator[tuple[Path, str]]:
    """Give each Python file, by its path below the root, with its text."""
    for path in files():
        if path.suffix == ".py":
            yield path.relative_to(ROOT), path.read_text()


def texts() -> Iterator[tuple[Path, str]]:
    """Give each file that is text, by its path below the root."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT), content.decode(errors="replace")


def test_a_file_opens_by_saying_what_it_is() -> None:
    """Every Python file that has a word in it begins with a docstring."""
    silent = [
        str(path) for path, text in sources() if text and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def test_files_and_functions_stay_short() -> None:
    """Nobody scrolls for long: 400 lines a file (tests 500), 70 a function."""
    long = []
    for path, text in sources():
        limit = TEST_FILE_LINES_MAX if path.parts[0] == "tests" else FILE_LINES_MAX
        lines = len(text.splitlines())
        if lines > limit:
            long.append(f"{path}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    long.append(f"{path}: {node.name} has {length} lines")

    assert long == []


def test_a_test_says_what_it_promises() -> None:
    """Every test has a sentence about the behaviour it holds."""
    silent = [
        f"{path}: {node.name}"
        for path, text in sources()
        if path.parts[0] == "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
        and path.name.startswith("test_")
    ]

    assert silent == []


def test_names_mean_something() -> None:
    """No file or folder is called after its being leftover."""
    assert [
        str(p) for p, _ in texts() if {part.split(".")[0] for part in p.parts} & EMPTY_NAMES
    ] == []


def test_one_file_commits() -> None:
    """Leaving a unit of work cleanly is the only way to commit."""
    assert _callers("commit") <= {"gateway/storage/unit.py"}


def test_one_file_enqueues() -> None:
    """Only the relay rings the queue, after the outbox has been committed."""
    assert _callers("enqueue_job") <= {"workers/relay.py"}


def test_rules_import_the_standard_library_only() -> None:
    """The domain knows no package at all, not even one added tomorrow."""
    strangers = [
        f"{path}: {name}"
        for path, text in sources()
        if path.is_relative_to("gateway/domain")
        for name in _imports(text)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("gateway.domain")
    ]

    assert strangers == []


def test_no_private_key_is_kept() -> None:
    """Keys are made on the machine that needs them."""
    assert [str(p.relative_to(ROOT)) for p in files() if KEY_BEGINS.search(p.read_bytes())] == []


def test_pages_load_nothing_from_strangers() -> None:
    """No file names a content delivery network: all is served by us."""
    assert [f"{p}: {m.group()}" for p, t in texts() for m in FOREIGN_HOSTS.finditer(t)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No absolute path of a person's or a build's folder."""
    found = [f"{p}: {m.group()}" for p, t in texts() for m in MACHINE_PATHS.finditer(t)]
    found += [str(p) for p, t in texts() if f"{ROOT}/" in t]

    assert found == []


def test_nothing_is_left_for_later() -> None:
    """What is to be done stands in an issue."""
    assert [f"{p}: {m.group()}" for p, t in sources() for m in LEFTOVERS.finditer(t)] == []


def test_a_migration_says_when_it_runs() -> None:
    """`pre` runs before the new code serves, `post` after the old code is gone."""
    names = [path.name for path in (ROOT / "migrations" / "versions").glob("*.py")]

    assert names
    assert [name for name in names if not MIGRATION_NAME.fullmatch(name)] == []


def test_locked_packages_come_from_wherever_the_client_is_told() -> None:
    """The lock files name versions and hashes, and no registry of anybody's."""
    for name in ("requirements.lock", "requirements-production.lock"):
        lock = (ROOT / name).read_text()
        assert "://" not in lock, name
        assert "--hash=sha256:" in lock, name

    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name
        origin = package.get("resolved", "https://registry.npmjs.org/")
        assert origin.startswith("https://registry.npmjs.org/"), name


def test_production_runs_the_versions_that_were_tested() -> None:
    """The production lock is a part of the other, and holds every dependency."""
    tested, produced = _pins("requirements.lock"), _pins("requirements-production.lock")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[\[<>=~!]", need)[0] for need in project["dependencies"]}

    assert produced.items() <= tested.items()
    assert needed <= produced.keys()


def _callers(method: str) -> set[str]:
    """Return the files, tests apart, that call a method of this name."""
    return {
        str(path)
        for path, text in sources()
        if path.parts[0] != "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
    }


def _imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _pins(name: str) -> dict[str, str]:
    lock = (ROOT / name).read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", lock, re.MULTILINE))
