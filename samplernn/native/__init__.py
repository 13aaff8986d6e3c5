"""The native generator: C++ in `source/`, built by the installation where there is a compiler."""
