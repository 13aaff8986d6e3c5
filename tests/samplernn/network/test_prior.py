"""The learned prior and the residuals have one set of constants, which Python, C++ and CUDA all follow."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from samplernn import prior_constants as constants
from samplernn.cuda.compiler import source_text
from samplernn.native import library as native
from samplernn.network.loss import each_bits
from samplernn.network.prior import PriorInputs, residual_features

ROOT = Path(__file__).parents[3]
OTHER = {
    "RESIDUAL_LIMIT": 2.5,
    "RESIDUAL_FLOOR": 0.125,
    "RESIDUAL_GAIN": 0.75,
    "NARROWNESS_LIMIT": 1.5,
    "LEAST_PROBABILITY": 1e-20,
}


def _effects() -> dict[str, float]:
    """A number for each constant that Python's formulas make of it."""
    signed, size = residual_features(torch.tensor([100.0, 0.0]), torch.zeros(2), 1.0).unbind(-1)
    inputs = PriorInputs(torch.zeros(2), 1.0, torch.zeros(1))
    bits = each_bits(torch.tensor([[0.0, 1e4]]), None, torch.tensor([0]))
    gain = constants.RESIDUAL_GAIN
    return {
        "RESIDUAL_LIMIT": signed[0].item() / gain,
        "RESIDUAL_FLOOR": (size[1] / gain).exp().item(),
        "RESIDUAL_GAIN": signed[0].item() / constants.RESIDUAL_LIMIT,
        "NARROWNESS_LIMIT": inputs.prior(torch.zeros(1), torch.full((1,), -100.0)).slope.log().item(),
        "LEAST_PROBABILITY": 2.0 ** -bits.item(),
    }


def test_every_constant_is_tried_here() -> None:
    assert tuple(OTHER) == constants.NAMES
    assert constants.values() == tuple(getattr(constants, name) for name in constants.NAMES)


@pytest.mark.parametrize("name", constants.NAMES)
def test_python_and_cuda_follow_a_constant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _effects()[name] == pytest.approx(getattr(constants, name), rel=1e-4)
    monkeypatch.setattr(constants, name, OTHER[name])
    assert _effects()[name] == pytest.approx(OTHER[name], rel=1e-4)
    assert f"#define {name} {OTHER[name]!r}f\n" in source_text(("learned_prior.cu",))


@pytest.mark.parametrize("name", constants.NAMES)
def test_the_native_build_follows_a_constant(name: str, tmp_path: Path) -> None:
    """What `setup.py` hands to the compiler, where `prior_constants.py` says another number."""
    shutil.copy(ROOT / "setup.py", tmp_path)
    (tmp_path / "samplernn").mkdir()
    text = (ROOT / "samplernn" / "prior_constants.py").read_text(encoding="utf-8")
    changed, count = re.subn(rf"^{name} = .*$", f"{name} = {OTHER[name]!r}", text, flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "samplernn" / "prior_constants.py").write_text(changed, encoding="utf-8")
    # a process of its own: setuptools shows the packages that it brings along to the whole process
    script = (
        "import json, runpy, setuptools; given = {}; setuptools.setup = lambda **arguments: given.update(arguments);"
        "runpy.run_path('setup.py'); (extension,) = given['ext_modules'];"
        "print(json.dumps([dict(extension.define_macros), extension.depends]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    macros, depends = json.loads(done.stdout)
    assert macros == constants.macros() | {name: f"{OTHER[name]!r}f"}
    assert str(Path("samplernn", "prior_constants.py")) in depends


@pytest.mark.parametrize("name", constants.NAMES)
def test_a_library_with_another_constant_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built = importlib.util.find_spec("samplernn.native._generator")
    if built is None or built.origin is None:
        pytest.skip("the native library was not built here")
    assert native.load(Path(built.origin)) is not None
    monkeypatch.setattr(constants, name, OTHER[name])
    assert native.load(Path(built.origin)) is None


@pytest.mark.parametrize("folder", ["cuda", "native/source"])
def test_sources_use_every_macro_and_no_number_in_its_place(folder: str) -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "samplernn" / folder).iterdir())
        if path.suffix in (".cu", ".h")
    )
    for name, number in constants.macros().items():
        assert name in text
        if name != "RESIDUAL_GAIN":  # 0.5 stands for other things, too
            assert not re.search(rf"(?<![\w.]){re.escape(number)}", text), number
