"""The house rules that a reader can check: who may import whom, what lies at the top, how long a file may be."""

from __future__ import annotations

import ast
import posixpath
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"board", "bin", "server", "static", "config", "tests", "docs"}
TOP = ROOMS | {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "package.json"}
LONGEST = 300  # lines
LONGER_FOR_A_REASON: dict[str, str] = {}  # a path, and why it is one thing that cannot be two
READS_SETTINGS = {"server/app.py"}  # and server/commands/
FOREIGN_TO_BOARD = {"server", "config", "starlette", "msgpack", "uvicorn", "websockets"}

JS_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["'](?P<named>[^"']+)["']|^\s*import\s*["'](?P<bare>[^"']+)["']|\bimport\(\s*["'](?P<late>[^"']+)["']""",
    re.MULTILINE,
)


def path_of(file: Path) -> str:
    """A file's path in the project."""
    return file.relative_to(ROOT).as_posix()


def files(folder: str, *endings: str) -> list[Path]:
    """Our own files in a folder and below it."""
    found = (file for ending in endings for file in (ROOT / folder).rglob(f"*{ending}"))
    return sorted(file for file in found if not {"vendor", "node_modules"} & set(file.relative_to(ROOT).parts))


def python_imports(file: Path) -> Iterator[str]:
    """Dotted names of all that a Python file imports, in functions and under TYPE_CHECKING too: `board.times.Millis`."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def js_imports(file: Path) -> Iterator[str]:
    """Site paths of all that a script imports, `/static/lib/clock.js`; a package's name stays as it is."""
    lines = file.read_text("utf-8").splitlines()
    code = "\n".join(line for line in lines if not line.lstrip().startswith(("*", "/*", "//")))  # types in JSDoc look like imports
    for found in JS_IMPORT.finditer(code):
        target = found["named"] or found["bare"] or found["late"]
        folder = "/" + path_of(file.parent)
        yield posixpath.normpath(posixpath.join(folder, target)) if target.startswith((".", "/")) else target


def python_offences(paths: Iterable[Path], packages: set[str]) -> list[str]:
    """Where one of these packages is imported."""
    return [f"{path_of(file)} imports {name}" for file in paths for name in python_imports(file) if name.split(".")[0] in packages]


def js_offences(paths: Iterable[Path], *folders: str) -> list[str]:
    """Where something outside of these folders is imported."""
    allowed = tuple(f"/static/{folder}/" for folder in folders)
    return [f"{path_of(file)} imports {name}" for file in paths for name in js_imports(file) if not name.startswith(allowed)]


def test_the_board_knows_neither_the_server_nor_the_settings_nor_the_wire() -> None:
    board = files("board", ".py")
    assert board
    assert python_offences(board, FOREIGN_TO_BOARD) == []


def test_the_rules_of_the_board_need_the_standard_library_and_each_other_alone() -> None:
    rules = [file for file in (ROOT / "board").glob("*.py") if file.name != "__init__.py"]
    known = {file.stem for file in rules}
    assert rules

    def is_pure(name: str) -> bool:
        first, _, rest = name.partition(".")
        return first in sys.stdlib_module_names or (first == "board" and rest.split(".")[0] in known)

    assert [f"{path_of(file)} imports {name}" for file in rules for name in python_imports(file) if not is_pure(name)] == []


def test_only_the_wiring_and_the_command_line_read_settings() -> None:
    others = [file for file in files("board", ".py") + files("server", ".py") if path_of(file) not in READS_SETTINGS]
    others = [file for file in others if not path_of(file).startswith("server/commands/")]
    assert others
    assert python_offences(others, {"config"}) == []


def test_the_people_of_the_demo_know_the_rules_and_the_public_api_alone() -> None:
    people = files("server/simulation", ".py")
    assert people
    imports = [(path_of(file), name) for file in people for name in python_imports(file)]
    inside = re.compile(r"(board\.store|server\.(?!simulation\b)|config|redis|starlette)")
    assert [f"{file} imports {name}" for file, name in imports if inside.match(name)] == []


def test_a_page_needs_the_library_the_vendored_files_and_its_own_folder_alone() -> None:
    pages = [folder for folder in (ROOT / "static").iterdir() if folder.is_dir() and folder.name not in {"lib", "vendor"}]
    assert pages
    assert [found for page in pages for found in js_offences(files(path_of(page), ".js"), "lib", "vendor", page.name)] == []


def test_the_library_of_the_pages_needs_itself_and_the_vendored_files_alone() -> None:
    library = files("static/lib", ".js")
    assert library
    assert js_offences(library, "lib", "vendor") == []


def test_at_the_top_lies_only_what_the_house_has_a_place_for() -> None:
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    passing = [".*", "requirements*.lock", *ignored]
    names = {file.name for file in ROOT.iterdir() if not any(fnmatch(file.name, pattern) for pattern in passing)}
    assert sorted(names - TOP) == []


def test_no_file_of_ours_is_longer_than_a_reader_can_hold() -> None:
    ours = [file for folder in ROOMS if (ROOT / folder).is_dir() for file in files(folder, ".py", ".js", ".css", ".lua")]
    long = {path_of(file): lines for file in ours if (lines := len(file.read_text("utf-8").splitlines())) > LONGEST}
    assert {path: lines for path, lines in long.items() if path not in LONGER_FOR_A_REASON} == {}


def test_every_lua_script_begins_by_saying_what_it_is() -> None:
    scripts = files("board/store/scripts", ".lua")
    assert scripts
    heads = {file.stem: file.read_text("utf-8").split("\n", 1)[0] for file in scripts}
    # A head copied from another script tells a lie: a verb's begins with its own name, a shared part's says that it is shared.
    lying = [
        name for name, head in heads.items() if not head.startswith(f"-- {name}: ") and not re.match("-- .*shared", head, re.IGNORECASE)
    ]
    assert lying == []
