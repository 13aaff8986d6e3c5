"""What the bundle starts."""

from app.__main__ import main

main()
