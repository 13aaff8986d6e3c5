"""Titles in, titles out: lists of song titles read and cleaned, new ones invented by Markov chains."""

from titles.cleaning import clean
from titles.errors import TitleError
from titles.inventing import SMALL_CORPUS, Invented, TitleSettings, invent
from titles.names import invent_name
from titles.reading import read_titles, titles_in

__all__ = [
    "SMALL_CORPUS",
    "Invented",
    "TitleError",
    "TitleSettings",
    "clean",
    "invent",
    "invent_name",
    "read_titles",
    "titles_in",
]
