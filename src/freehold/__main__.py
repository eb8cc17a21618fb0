"""`python -m freehold` is `freehold`. It may not know more than that."""

from freehold.cli import main

if __name__ == "__main__":  # processes that begin anew import this module under another name
    main()
