"""How large what strangers made may be, where several parts of the house must agree."""

LARGEST_PICTURE = 64_000_000
"""Pixels that are decoded of one picture, 8000 x 8000; the hungriest decoder (JPEG 2000) takes 20 bytes for each."""
LARGEST_SHRUNK_PICTURE = 170_000_000
"""Pixels of a JPEG that is decoded at a half or less, as those of telephones with 108 million; from 179 million on
Pillow itself takes a picture for a bomb."""
