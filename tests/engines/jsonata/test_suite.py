"""The test suite of the reference implementation.

Its cases are part of https://github.com/jsonata-js/jsonata (not of the package on npm) and not of this repository.
FREEHOLD_JSONATA_SUITE names a checkout.
"""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from freehold.engines.jsonata import UNDEFINED, JsonataError, Setting, compile

CHECKOUT = os.environ.get("FREEHOLD_JSONATA_SUITE", "")
SUITE = Path(CHECKOUT, "test", "test-suite")

STOPPED = {"U1001": {"D1011", "D1012"}}  # the suite's own guard against runaway expressions has another code


def cases():
    for group in sorted((SUITE / "groups").iterdir()):
        for file in sorted(group.glob("*.json")):
            found = json.loads(file.read_text())
            for number, case in enumerate(found if isinstance(found, list) else [found]):
                if "expr-file" in case:
                    case["expr"] = (group / case["expr-file"]).read_text()
                yield pytest.param(case, id=f"{group.name}-{file.stem}-{number}")


def dataset(case: dict) -> Any:
    if "data" in case:
        return case["data"]
    name = case.get("dataset")
    return UNDEFINED if name is None else json.loads((SUITE / "datasets" / f"{name}.json").read_text())


def setting(case: dict) -> Setting:
    limits: dict[str, Any] = {"range_max": 10**7, "sequence_max": 10**7, "steps_max": 3 * 10**7}
    if case.get("code") == "U1001":
        limits |= {"steps_max": 10**5, "depth_max": case["depth"] // 3}  # the suite counts nodes, Freehold calls
    return Setting(now=1.7e9, random=lambda: 0.5, **limits)


def agree(value: Any, expected: Any) -> bool:
    if isinstance(value, bool) or isinstance(expected, bool):
        return value is expected
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(agree, value, expected))
    if isinstance(expected, dict):
        return value.keys() == expected.keys() and all(agree(value[name], expected[name]) for name in value)
    return bool(value == expected or (isinstance(value, float) and math.isclose(value, expected, rel_tol=1e-15)))


@pytest.mark.skipif(not CHECKOUT, reason="FREEHOLD_JSONATA_SUITE is unset")
@pytest.mark.parametrize("case", [*cases()] if CHECKOUT else ())
def test_case(case: dict) -> None:
    try:
        value = compile(case["expr"]).evaluate(dataset(case), case.get("bindings"), setting(case))
    except JsonataError as error:
        expected = case.get("error") or {"code": case.get("code")}
        assert error.code in STOPPED.get(expected["code"], {expected["code"]}), str(error)
        assert expected.get("message", error.message) == error.message
        assert expected.get("token", case.get("token")) in (None, error.details.get("token"))
        return
    if "undefinedResult" in case:
        assert value is UNDEFINED
    else:
        assert "result" in case, value
        assert agree(value, case["result"]), value
