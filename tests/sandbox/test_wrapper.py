"""AWS_LAMBDA_EXEC_WRAPPER: a script that starts the runtime in its place."""

import pytest

from .workshop import Workshop, needs_node, said, texts

WRAPPER = '#!/bin/sh\necho "wrapped $WHO"\nexport ADDED=1\nexec "$@"\n'


@pytest.mark.parametrize(
    ("runtime", "files"),
    [
        ("python3.11", {"app.py": "import os\ndef handler(e, c): return os.environ['ADDED']"}),
        pytest.param("nodejs20.x", {"app.js": "exports.handler = async () => process.env.ADDED"}, marks=needs_node),
    ],
)
@pytest.mark.parametrize("place", ["/opt/wrap", "/var/task/wrap"])
def test_the_wrapper_gets_the_runtimes_command_line(
    workshop: Workshop, runtime: str, files: dict[str, str], place: str
) -> None:
    layer = workshop.function({"wrap": WRAPPER}).code
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": place, "WHO": "me"}
    spec = workshop.function({**files, "wrap": WRAPPER}, runtime=runtime, layers=(layer,), environment=environment)
    result = workshop.invoke(spec)
    assert said(result) == "1" and "wrapped me" in texts(result)


def test_custom_runtimes_are_not_wrapped(workshop: Workshop) -> None:
    source = "id = next_id()\ncall('POST', f'invocation/{id}/response', os.environ.get('ADDED', 'none'))\nnext_id()"
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap"}
    result = workshop.invoke(workshop.bootstrap(source, environment=environment))
    assert result.payload == b"none"


def test_a_wrapper_that_is_not_there(workshop: Workshop) -> None:
    spec = workshop.python("def handler(e, c): return 1", environment={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"})
    result = workshop.invoke(spec)
    assert (result.status, result.error_type) == ("init_error", "Runtime.InvalidEntrypoint")
    assert said(result)["errorMessage"].endswith("no such file or directory")
