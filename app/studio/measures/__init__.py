"""Measures of clips: how close to the album, how new, how lively each few seconds of them are. See docs/measures.md."""
