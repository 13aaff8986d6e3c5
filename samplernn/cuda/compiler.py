"""CUDA C++ of this folder, compiled when it is needed by the compiler that comes with PyTorch.

Neither a toolkit nor headers are asked for. Where anything is missing there are no kernels, and plain PyTorch does the
work.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import torch
from torch import Tensor

from samplernn import prior_constants

_FOLDER = Path(__file__).parent
_MAX_SHARED = 8
_CLUSTERS_OF_16 = 14
"""The numbers of two attributes of a kernel in the driver's interface."""
_CLUSTER = 4
_EARLY = 6
"""Those of two attributes of a launch."""


class _Attribute(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int), ("_", ctypes.c_int), ("values", ctypes.c_uint * 16))


class _Launch(ctypes.Structure):
    """How a kernel is launched, as the driver wants it: CUlaunchConfig."""

    _fields_ = (
        ("sizes", ctypes.c_uint * 7), ("stream", ctypes.c_void_p),
        ("attributes", ctypes.POINTER(_Attribute)), ("count", ctypes.c_uint),
    )  # fmt: skip

    def __init__(self, sizes: tuple[int, ...], stream: int) -> None:
        super().__init__((ctypes.c_uint * 7)(*sizes), stream)

    def add(self, kind: int, *values: int) -> None:
        """The one attribute that there can be."""
        attribute = _Attribute(kind, 0, (ctypes.c_uint * 16)(*values))
        self.attributes, self.count = ctypes.pointer(attribute), 1


Argument: TypeAlias = Tensor | int | float | None


class Kernel:
    """A compiled function of the device."""

    def __init__(self, driver: ctypes.CDLL, function: ctypes.c_void_p, early: bool) -> None:
        """`early`: whether the device can begin with a kernel before another has ended."""
        self._driver, self._function, self._early = driver, function, early

    def allow(self, *, shared: int = 0, large_clusters: bool = False) -> None:
        """Asks for more bytes of shared memory, or for clusters of more than eight blocks, than every device has.

        Raises:
            RuntimeError: this device does not have it.
        """
        if shared:
            _check(self._driver.cuFuncSetAttribute(self._function, _MAX_SHARED, shared))
        if large_clusters:
            _check(self._driver.cuFuncSetAttribute(self._function, _CLUSTERS_OF_16, 1))

    def clusters(self, size: int, threads: int, shared: int) -> int:
        """How many clusters of so many blocks run at a time."""
        launch, count = _Launch((size, 1, 1, threads, 1, 1, shared), 0), ctypes.c_int()
        launch.add(_CLUSTER, size, 1, 1)
        _check(self._driver.cuOccupancyMaxActiveClusters(ctypes.byref(count), self._function, ctypes.byref(launch)))
        return count.value

    def __call__(
        self,
        blocks: tuple[int, int, int],
        threads: int,
        *arguments: Argument | tuple[Argument, ...],
        shared: int = 0,
        early: bool = False,
    ) -> None:
        """Runs on the current stream; with `early` it may begin before what was started there has ended.

        Tensors go as pointers, whole numbers as 64 bits, others as float; a tuple goes as a struct of such, each of
        which takes 64 bits.
        """
        values = [_value(argument) for argument in arguments]
        places = (ctypes.c_void_p * len(values))(*(ctypes.addressof(value) for value in values))
        stream = torch.cuda.current_stream().cuda_stream
        launch = _Launch((*blocks, threads, 1, 1, shared), stream)
        if early and self._early:
            launch.add(_EARLY, 1)
        _check(self._driver.cuLaunchKernelEx(ctypes.byref(launch), self._function, places, None))


def kernels(
    sources: str | tuple[str, ...], names: tuple[str, ...], device: torch.device, **defines: int | str
) -> Mapping[str, Kernel]:
    """The functions `names` of files read one after another, with preprocessor symbols; none where it cannot be."""
    if device.type != "cuda" or torch.version.cuda is None:
        return MappingProxyType({})
    index = torch.cuda.current_device() if device.index is None else device.index
    files = (sources,) if isinstance(sources, str) else sources
    return _compiled(files, names, index, tuple(sorted(defines.items())))


@cache
def _compiled(
    sources: tuple[str, ...], names: tuple[str, ...], index: int, defines: tuple[tuple[str, int | str], ...]
) -> Mapping[str, Kernel]:
    try:
        with torch.cuda.device(index):
            program = _compile(sources, index, defines)
            return MappingProxyType(_load(program, names))
    except (OSError, RuntimeError, AttributeError):
        return MappingProxyType({})


def _compile(sources: tuple[str, ...], index: int, defines: tuple[tuple[str, int | str], ...]) -> bytes:
    major, minor = torch.cuda.get_device_capability(index)
    text = source_text(sources)
    options = [f"--gpu-architecture=sm_{major}{minor}", "--std=c++17", *(f"-D{key}={value}" for key, value in defines)]
    compiler, program = _compiler(), ctypes.c_void_p()
    _check(compiler.nvrtcCreateProgram(ctypes.byref(program), text.encode(), sources[-1].encode(), 0, None, None))
    given = (ctypes.c_char_p * len(options))(*(option.encode() for option in options))
    if compiler.nvrtcCompileProgram(program, len(options), given):
        raise RuntimeError(_log(compiler, program))
    size = ctypes.c_size_t()
    _check(compiler.nvrtcGetCUBINSize(program, ctypes.byref(size)))
    binary = ctypes.create_string_buffer(size.value)
    _check(compiler.nvrtcGetCUBIN(program, binary))
    compiler.nvrtcDestroyProgram(ctypes.byref(program))
    return binary.raw


def source_text(sources: tuple[str, ...]) -> str:
    """What is compiled: the constants of the learned prior as macros, `common.cu`, and the files in their order."""
    macros = "".join(f"#define {name} {value}\n" for name, value in prior_constants.macros().items())
    return macros + "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("common.cu", *sources))


def _log(compiler: ctypes.CDLL, program: ctypes.c_void_p) -> str:
    size = ctypes.c_size_t()
    compiler.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    text = ctypes.create_string_buffer(size.value)
    compiler.nvrtcGetProgramLog(program, text)
    return text.value.decode(errors="replace")


def _load(program: bytes, names: tuple[str, ...]) -> dict[str, Kernel]:
    driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    torch.cuda.current_stream().synchronize()  # PyTorch's context is made and current after this
    module = ctypes.c_void_p()
    _check(driver.cuModuleLoadData(ctypes.byref(module), program))
    found = {}
    for name in names:
        function = ctypes.c_void_p()
        _check(driver.cuModuleGetFunction(ctypes.byref(function), module, name.encode()))
        found[name] = Kernel(driver, function, torch.cuda.get_device_capability()[0] >= 9)
    return found


def _compiler() -> ctypes.CDLL:
    """NVRTC, of the CUDA that PyTorch was built with."""
    version = str(torch.version.cuda).split(".")[0]
    home = Path(torch.__file__).parent
    if sys.platform == "win32":
        places = [*home.glob(f"lib/nvrtc64_{version}*.dll"), Path(f"nvrtc64_{version}0_0.dll")]
    else:
        name = f"libnvrtc.so.{version}"
        places = [Path(name), *home.parent.glob(f"nvidia/*/lib/{name}"), *home.glob("lib/libnvrtc*.so*")]
    for place in places:
        try:
            return ctypes.CDLL(str(place))
        except OSError:
            continue
    raise OSError("NVRTC")


def _check(result: int) -> None:
    if result:
        raise RuntimeError(f"CUDA or NVRTC said {result}.")


def _value(argument: Argument | tuple[Argument, ...]) -> Any:
    if isinstance(argument, tuple):
        fields = [_value(each) for each in argument]
        struct = (ctypes.c_uint64 * len(fields))()
        for k, field in enumerate(fields):
            ctypes.memmove(ctypes.byref(struct, 8 * k), ctypes.byref(field), ctypes.sizeof(field))
        return struct
    if isinstance(argument, Tensor):
        return ctypes.c_void_p(argument.data_ptr())
    if argument is None:
        return ctypes.c_void_p()
    return ctypes.c_longlong(argument) if isinstance(argument, int) else ctypes.c_float(argument)
