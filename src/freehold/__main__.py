"""`python -m freehold` is `freehold`. It may not know more than that."""

from freehold.cli import main

main()
