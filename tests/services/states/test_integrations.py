"""Every operation that a room of this cloud has can be called by a task."""

import pytest

from freehold.app import ROOMS, rooms
from freehold.engines import asl
from freehold.engines.sdk import shapes
from freehold.services.states import known
from freehold.services.states.integrations import calls

OPENED = rooms()


@pytest.mark.parametrize("name", sorted(ROOMS))
def test_each_operation_has_its_integration(name):
    room = OPENED[name]
    model = shapes.found(room.model or room.name) if room.model is not None else None
    if model is None:
        pytest.skip("a room without a model of AWS's")
    sdk = "".join(model.metadata.service_id.split()).lower()
    for operation in model.operations:
        resource = f"arn:aws:states:::aws-sdk:{sdk}:{operation[:1].lower()}{operation[1:]}"
        assert known.known(calls.called(resource))
        errand = calls.errand(OPENED, asl.RunTask("0", "0", "Do", resource, "{}"), "")
        assert (errand.room, errand.operation) == (name, operation)
