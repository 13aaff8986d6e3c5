"""Measurements (`make bench`), run as a module."""
