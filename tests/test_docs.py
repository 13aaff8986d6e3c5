"""What the documents name is there: every path, and every function of every `file.py:function`."""

from __future__ import annotations

import ast
import dataclasses
import re
from functools import cache
from pathlib import Path

import msgspec
import pytest

from app.document.model import Project
from app.document.store import ProjectFolder
from app.studio.finish.finish import Finish
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.data.dataset_index import DatasetIndex
from samplernn.generation.clip_sidecar import ClipSidecar
from samplernn.training.run_folder import RunFolder

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
BASES = (ROOT / "tests" / "samplernn",)
"""Folders that a document writes paths below, and says so."""
TOP = ("app", "samplernn", "artwork", "titles", "resources", "packaging", "tests", "docs")

# What a project or a build writes (json, flac, txt ...) is not looked for, only what is in the repository.
FILE = re.compile(r"(?<![\w/.-])([\w.][\w./-]*\.(?:py|cu|cpp|h|sh|md|toml|spec))(?::([A-Za-z_][\w.]*))?(?![\w/])")
FOLDER = re.compile(rf"(?<![\w/.-])((?:{'|'.join(TOP)})/(?:[\w-]+/)*)(?![\w.*])")
STEP = re.compile(r"^( *)([\w/]+\.py):([\w.]+)(.*)$")
LINK = re.compile(r"\]\(([^)#]+)\)")


@cache
def names_in(path: Path) -> frozenset[str]:
    """The functions, classes, methods ("Class.method") and constants of a module; the words of any other file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return frozenset(re.findall(r"\w+", text))
    found: set[str] = set()

    def walk(node: ast.AST, above: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(above + child.name)
                walk(child, f"{above}{child.name}.")
            elif isinstance(child, ast.Assign | ast.AnnAssign):
                targets = child.targets if isinstance(child, ast.Assign) else [child.target]
                found.update(above + target.id for target in targets if isinstance(target, ast.Name))

    walk(ast.parse(text), "")
    return frozenset(found)


def missing(text: str, where: Path = ROOT) -> list[str]:
    """What a document names that is not there."""
    gone = [name for name in re.findall(FOLDER, text) if not (ROOT / name).is_dir()]
    for name, member in re.findall(FILE, text):
        path = next((base / name for base in (ROOT, where, *BASES) if (base / name).is_file()), None)
        if path is None:
            gone.append(name)
        elif member and member not in names_in(path):
            gone.append(f"{name}:{member}")
    links = (link for link in re.findall(LINK, text) if "://" not in link)
    return gone + [link for link in links if not (where / link).exists() and not (ROOT / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_the_documents_name_is_there(document: str) -> None:
    path = ROOT / document
    assert missing(path.read_text(encoding="utf-8"), path.parent) == []


def test_what_is_gone_is_seen() -> None:
    here = (
        "`tests/test_docs.py:missing`, `tests/app/`, [us](docs/learning.md), `samplernn/cuda/loss.cu:bits_and_gradient`"
    )
    assert missing(here) == []
    gone = "`tests/test_docs.py:lost`, `tests/lost.py`, `app/lost/`, [us](lost/page.html)"
    assert missing(gone) == ["app/lost/", "tests/test_docs.py:lost", "tests/lost.py", "lost/page.html"]


def broken_steps(text: str) -> list[str]:
    """Steps of a walk ("file.py:function", indented below its caller) that the file of their caller does not name.

    A step that a signal leads to is named by whoever connects it.
    """
    broken: list[str] = []
    callers: list[tuple[int, str]] = []
    for line in text.splitlines():
        step = STEP.match(line)
        if step is None:
            callers = []
            continue
        indent, file, name, remark = len(step[1]), step[2], step[3], step[4]
        callers = [caller for caller in callers if caller[0] < indent]
        if callers and "signal" not in remark:
            caller = (ROOT / callers[-1][1]).read_text(encoding="utf-8")
            if not any(re.search(rf"\b{part}\b", caller) for part in (name.split(".")[0], name.split(".")[-1])):
                broken.append(f"{callers[-1][1]} does not name {name}")
        callers.append((indent, file))
    return broken


def test_the_walks_through_the_house_are_walked() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert text.count("\n  app/") > 4
    assert broken_steps(text) == []
    assert broken_steps("app/cli.py:make\n  samplernn/presets.py:preset_named\n") != []


def test_every_file_and_key_of_a_project_is_in_the_formats() -> None:
    text = (ROOT / "docs" / "file-formats.md").read_text(encoding="utf-8")
    keys = [field.name for record in (Project, DatasetIndex) for field in msgspec.structs.fields(record)]
    keys += [field.name for record in (ClipSidecar, Finish) for field in dataclasses.fields(record)]
    assert [key for key in keys if f"`{key}`" not in text] == []
    folder = ProjectFolder(Path("NAME.deepcuts"))
    rooms = [
        value for value in (getattr(folder, name) for name in dir(folder) if name[0] != "_") if value != folder.path
    ]
    run = RunFolder(folder.runs / "r1")
    files = [*rooms, run.state, run.metrics.path, checkpoint_path(run.path, 12).with_suffix(".json")]
    assert [path.name for path in files if path.name not in text] == []
