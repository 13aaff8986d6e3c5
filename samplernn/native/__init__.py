"""The native generator and loss: C++ in `source/`, built by the installation where there is a compiler."""
