"""The one thing that pyproject.toml cannot say: the native generator, built where there is a C++ compiler."""

import runpy
from pathlib import Path
from typing import Any

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path("samplernn", "native", "source")
CONSTANTS = Path("samplernn", "prior_constants.py")

generator = Extension(
    "samplernn.native._generator",
    sources=sorted(str(path) for path in SOURCE.glob("*.cpp")),
    depends=[*sorted(str(path) for path in SOURCE.glob("*.h")), str(CONSTANTS)],
    define_macros=list(runpy.run_path(str(CONSTANTS))["macros"]().items()),
    language="c++",
    # Nothing is to be contracted or reordered: a clip has to be the same in any company.
    extra_compile_args=[
        "-std=c++17", "-O3", "-g0", "-ffp-contract=off", "-fno-math-errno", "-fvisibility=hidden", "-pthread",
        "-Wno-psabi", "-Wno-uninitialized", "-Wno-maybe-uninitialized",
    ],
    extra_link_args=["-pthread"],
    py_limited_api=True,
    optional=True,
)  # fmt: skip


class Replacing(build_ext):
    """A program that runs goes on with the library it has open: a new one takes its name, not its place on the disk."""

    def copy_file(self, infile: str, outfile: str, *args: Any, **options: Any) -> Any:
        Path(outfile).unlink(missing_ok=True)
        return super().copy_file(infile, outfile, *args, **options)


setup(ext_modules=[generator], cmdclass={"build_ext": Replacing})
