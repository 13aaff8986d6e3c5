"""The timeline: lanes of sections over time, to be cut, moved, trimmed and layered by hand and key."""
