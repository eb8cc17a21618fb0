"""The cloud's own log: one line an event, in a file under the data folder. It may not know what is logged."""

import logging
import logging.handlers
from pathlib import Path

SIZE_MAX = 10 * 1024 * 1024
FORM = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


def to_file(path: Path) -> None:
    """Log to `path`, turned over at 10 MB, three old ones kept."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=SIZE_MAX, backupCount=3)
    handler.setFormatter(logging.Formatter(FORM))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
