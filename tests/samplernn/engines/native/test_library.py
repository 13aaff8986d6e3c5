"""The library is built by the installation, and nothing depends on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from sysconfig import get_path

import pytest

from samplernn.engines.choice import open_engine
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.torch_engine import TorchEngine
from samplernn.errors import SoundError
from samplernn.generation.priming import silence
from samplernn.native.library import SETS, instruction_sets, load

ROOT = Path(__file__).resolve().parents[4]
WITHOUT_IT = """
import torch
from samplernn.config import ModelConfig
from samplernn.engines.choice import open_engine
from samplernn.errors import SoundError
from samplernn.network.model import SampleRNN
from samplernn.native.library import instruction_sets
from samplernn.generation.priming import silence

assert instruction_sets() == ()
model = SampleRNN(ModelConfig(frame_sizes=(4,), width=8, embedding=4, lookback=2)).eval()
for _ in range(2):
    print(type(open_engine(model, silence(model, [1]))).__name__)
try:
    open_engine(model, silence(model, [1]), engine="native")
except SoundError as error:
    print(error)
"""


CAN_BUILD = (shutil.which("g++") or shutil.which("clang++")) and Path(get_path("include"), "Python.h").exists()


@pytest.mark.skipif(not CAN_BUILD, reason="there is no C++ compiler here, or it has no headers of Python")
def test_the_installation_builds_it_where_there_is_a_compiler():
    assert instruction_sets()
    assert instruction_sets()[0] == "plain"
    assert set(instruction_sets()) <= set(SETS)


def test_without_it_pytorch_makes_the_clips_and_that_is_said_once(tmp_path):
    shutil.copytree(
        ROOT / "samplernn", tmp_path / "samplernn", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    )
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{WITHOUT_IT}"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[:2] == ["TorchEngine", "TorchEngine"]
    assert "no generator “native”" in result.stdout
    assert result.stderr.count("The native generator is not there") == 1


@pytest.mark.parametrize("words", [b"", b"no library at all", b"\x7fELF" + bytes(200)])
def test_what_is_no_library_is_not_loaded(tmp_path, words):
    path = tmp_path / "library.so"
    path.write_bytes(words)
    assert load(path) is None


def test_engines_and_precisions_by_name(small):
    model = small.model_of(small.configs["gru"]).eval()
    state = silence(model, [1])
    usual = NativeEngine if instruction_sets() else TorchEngine
    for precision in ("auto", "float32", "bfloat16"):
        assert isinstance(open_engine(model, state, precision=precision), usual)
    if instruction_sets():
        assert isinstance(open_engine(model, state, precision="int8"), NativeEngine)
    else:
        with pytest.raises(SoundError, match="int8"):
            open_engine(model, state, precision="int8")
    assert isinstance(open_engine(model, state, engine="torch", precision="float32"), TorchEngine)
    for engine, precision in (("torch", "int8"), ("cuda", "auto"), ("steam", "auto")):
        with pytest.raises(SoundError, match="generator"):
            open_engine(model, state, engine=engine, precision=precision)
