"""Where things stand: the top level, names of modules, circles of imports, what is too long, marks of tests."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "samplernn", "artwork", "titles", "resources")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MOST_PARAMETERS = 6
MOST_LINES = 400

# Ratchets: what breaks a rule today. They may only shrink, and what no longer breaks its rule has to leave them.
LONG_SIGNATURES: dict[str, int] = {}
CIRCLES: list[set[str]] = []
# What only a GPU does stands in a room within the room, and takes from it what it does in another way.
CIRCLES_OF_ROOMS = [
    {"samplernn.engines", "samplernn.engines.cuda"},
    {"samplernn.network", "samplernn.network.cuda"},
]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_the_top_level_is_as_agreed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what lies here may be anything")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/", 1)[0] for line in tracked.splitlines()}
    folders = {*PACKAGES, "packaging", "tests", "docs", ".ci"}
    files = {"CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "constraints.txt", "pyproject.toml", "setup.py"}
    assert top == folders | files | {".gitignore", ".pre-commit-config.yaml"}


def test_no_module_bears_the_name_of_a_library() -> None:
    """`import queue` never has to be read twice."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    ours = {re.split(r"[<>=!;\[ ]", line, maxsplit=1)[0].lower() for line in wanted}
    libraries = {
        module.lower() for module, names in packages_distributions().items() if ours & {name.lower() for name in names}
    }
    assert {"torch", "numpy", "pil", "rich"} <= libraries
    taken = libraries | set(sys.stdlib_module_names) - {"__main__"}
    parts = {part for path in SOURCES for part in module_name(path).split(".") if part != "__main__"}
    assert parts & taken == set()


def signatures(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of the file with its path and class, and how many parameters it takes besides self or cls."""

    def walk(node: ast.AST, above: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [a.arg for a in (*child.args.posonlyargs, *child.args.args, *child.args.kwonlyargs)]
                name = f"{above}.{child.name}" if above else child.name
                if not is_given(child, node):
                    yield f"{path.relative_to(ROOT).as_posix()}:{name}", len(set(names) - {"self", "cls"})
                yield from walk(child, name)
            else:
                yield from walk(child, child.name if isinstance(child, ast.ClassDef) else above)

    return walk(ast.parse(path.read_text(encoding="utf-8")), "")


def is_given(function: ast.FunctionDef | ast.AsyncFunctionDef, parent: ast.AST) -> bool:
    """A command of typer (an option each), or what torch.autograd calls with one argument for each input."""
    if any("command" in ast.unparse(decorator) for decorator in function.decorator_list):
        return True
    bases = [ast.unparse(base) for base in parent.bases] if isinstance(parent, ast.ClassDef) else []
    return function.name in ("forward", "backward") and any(base.endswith("Function") for base in bases)


def test_functions_take_six_parameters_or_a_record() -> None:
    counted = dict(itertools.chain.from_iterable(map(signatures, SOURCES)))
    assert {name: count for name, count in counted.items() if count > MOST_PARAMETERS} == LONG_SIGNATURES


def test_no_file_has_more_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (*SOURCES, *TESTS)}
    assert [str(path.relative_to(ROOT)) for path, length in lengths.items() if length > MOST_LINES] == []


def imports_when_loaded(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports outside functions, those under TYPE_CHECKING too."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        for part in ("body", "orelse", "finalbody", "handlers"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from imports_when_loaded(getattr(statement, part, []))


def import_graph() -> dict[str, set[str]]:
    """For each module of ours, those of ours that it imports."""
    modules = {module_name(path): path for path in SOURCES}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        found: set[str] = set()
        for statement in imports_when_loaded(ast.parse(path.read_text(encoding="utf-8")).body):
            if isinstance(statement, ast.Import):
                found |= {alias.name for alias in statement.names}
            else:
                assert statement.level == 0, f"{module} imports by a relative name"
                for alias in statement.names:
                    inner = f"{statement.module}.{alias.name}"
                    found.add(inner if inner in modules else str(statement.module))
        graph[module] = found & set(modules)
    return graph


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """The sets of modules that all reach each other."""
    reached = {module: reachable(graph, module) for module in graph}
    found: list[set[str]] = []
    for module in sorted(graph):
        circle = {other for other in reached[module] if module in reached[other]}
        if circle and circle not in found:
            found.append(circle)
    return found


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def test_circles_are_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [{"b", "c"}]


def test_imports_go_in_no_circle() -> None:
    assert circles(import_graph()) == CIRCLES


def test_rooms_lie_in_no_circle() -> None:
    rooms = {module_name(path): module_name(path.parent / "__init__.py") for path in SOURCES}
    # what is flat at the top of a package has floors of its own, see pyproject.toml
    rooms = {module: module if room in PACKAGES else room for module, room in rooms.items()}
    graph: dict[str, set[str]] = {room: set() for room in rooms.values()}
    for module, others in import_graph().items():
        graph[rooms[module]] |= {rooms[other] for other in others} - {rooms[module]}
    assert circles(graph) == CIRCLES_OF_ROOMS


def test_jobs_are_what_works_in_the_background() -> None:
    graph = import_graph()
    jobs = {module for module in graph if module.startswith("app.jobs.")} - {"app.jobs.job"}
    threads = {"app.jobs.job", "app.task_queue"}
    assert [module for module in sorted(jobs) if not reachable(graph, module) & threads] == []


def test_every_test_file_says_what_it_holds() -> None:
    silent = [path for path in TESTS if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_tests_with_widgets_bear_the_mark(request: pytest.FixtureRequest) -> None:
    """In whatever folder they lie, and however deep: a test that moves keeps the mark."""
    conftest = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    assert conftest is not None
    with_widgets = [
        path
        for path in TESTS
        if path.name.startswith("test_")
        and path != Path(__file__)
        and re.search(r"\b(qtbot|qapp)\b|PySide6\.QtWidgets", path.read_text(encoding="utf-8"))
    ]
    depths = {len(path.relative_to(ROOT).parts) for path in with_widgets}
    assert len(depths) > 1
    assert [str(path.relative_to(ROOT)) for path in with_widgets if not conftest.drives_widgets(path)] == []


@pytest.mark.parametrize("folder", ["session", "screens/titles"])
def test_the_mark_is_set_at_any_depth(folder: str) -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not gui"]
    result = subprocess.run([*command, f"tests/app/{folder}"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert re.search(r"no tests collected \(\d+ deselected\)", result.stdout)
