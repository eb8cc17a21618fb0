"""Every error that an operation declares is expected by a test here, or said to be never answered."""

from pathlib import Path

from freehold.app import rooms
from freehold.kernel.service import snake
from freehold.wire import models

HERE = Path(__file__).parent
PARITY = Path(models.__file__).parents[1] / "services" / "sns" / "parity.toml"


def test_declared_errors_are_raised_or_listed():
    room, model = rooms()["sns"], models.model("sns")
    known = PARITY.read_text() + "".join(file.read_text() for file in HERE.glob("test_*.py"))
    declared = {
        (use.target.error.code if use.target.error else "") or use.target.name: name
        for name, operation in model.operations.items()
        if snake(name) in room.operations
        for use in operation.errors
    }
    assert declared
    assert not {code: name for code, name in declared.items() if code not in known}
