"""The one thing that pyproject.toml cannot say: the native generator, built where there is a C++ compiler."""

from pathlib import Path

from setuptools import Extension, setup

SOURCE = Path("samplernn", "native", "source")

generator = Extension(
    "samplernn.native._generator",
    sources=sorted(str(path) for path in SOURCE.glob("*.cpp")),
    depends=sorted(str(path) for path in SOURCE.glob("*.h")),
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

setup(ext_modules=[generator])
