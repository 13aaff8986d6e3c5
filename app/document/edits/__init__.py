"""Edits: pure functions from a document and what is wanted to the document after it.

An edit that names something that is not there raises KeyError: a fault of the caller, never of the person.
Numbers out of range are brought into range, as a person who drags too far would expect.
"""
