"""The phases of an environment: limits of Init, its repetition, and snapshots that are not taken."""

import re

from freehold.sandbox import Result, Sandbox
from freehold.sandbox.environment import Environment

from .workshop import Workshop, said, texts


def test_a_failed_init_is_repeated_before_the_invocation_starts(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.bootstrap("sys.exit(4)"))
    words = "RequestId: request-1 Error: Runtime exited with error: exit status 4"
    shapes = [re.sub(r"[\d.]+ (ms|MB)", "N", text) for text in texts(result)]
    assert shapes == [
        "INIT_REPORT Init Duration: N\tPhase: init\tStatus: error\tError Type: Runtime.ExitError",
        "INIT_REPORT Init Duration: N\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError",
        "START RequestId: request-1 Version: $LATEST",
        f"{words}\nRuntime.ExitError",
        "END RequestId: request-1",
        "REPORT RequestId: request-1\tDuration: N\tBilled Duration: N\tMemory Size: N\tMax Memory Used: N\t"
        "Status: error\tError Type: Runtime.ExitError",
    ]


def test_an_init_that_takes_too_long_twice_is_a_timeout(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.bootstrap("import time; time.sleep(60)", timeout_s=0.3), init_max_s=0.2)
    words = "Task timed out after 0.30 seconds"
    assert said(result) == {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: request-1 Error: {words}"}
    phases = [text.split("\t")[1:] for text in texts(result) if text.startswith("INIT_REPORT")]
    assert phases == [["Phase: init", "Status: timeout"], ["Phase: invoke", "Status: timeout"]]
    assert (result.duration_ms, result.billed_ms) == (300, 300)


def test_an_environment_outlives_inits_that_fail(workshop: Workshop) -> None:
    source = """
        import os, pathlib
        place = pathlib.Path(os.environ["TMPDIR"], "count")
        count = int(place.read_text()) if place.exists() else 0
        place.write_text(str(count + 1))
        if count < 3: raise RuntimeError("not yet")
        def handler(event, context): return count
    """
    spec = workshop.python(source)

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, b"1", request_id=id) for id in "abc"]

    first, second, third = workshop.play(scene)
    assert (first.status, second.status, said(third)) == ("init_error", "init_error", 3)
    assert {result.log_stream for result in (first, second, third)} == {first.log_stream}


def test_init_ahead_of_requests_may_take_longer(workshop: Workshop) -> None:
    async def scene(box: Sandbox) -> None:
        def limit_s(initialization: str, timeout_s: float) -> float:
            spec = workshop.python("", initialization=initialization, timeout_s=timeout_s)
            environment: Environment = box._create(spec, None)
            return environment._init_max_s

        assert limit_s("on-demand", 300) == 10
        assert limit_s("provisioned-concurrency", 3) == 130
        assert limit_s("snap-start", 300) == 300

    workshop.play(scene)


SNAPSHOT = """
    status, _, body = call("GET", "restore/next")
    request = next_id()
    call("POST", f"invocation/{request}/response", '"%d"' % status)
    next_id()
"""


def test_restore_calls_are_there_for_snap_start_only(workshop: Workshop) -> None:
    assert said(workshop.invoke(workshop.bootstrap(SNAPSHOT))) == "404"
    assert said(workshop.invoke(workshop.bootstrap(SNAPSHOT, initialization="snap-start"))) == "200"
    failing = """
        call("GET", "restore/next")
        kind = {"Lambda-Runtime-Function-Error-Type": "Runtime.AfterRestore"}
        call("POST", "restore/error", '{"errorType": "Hook", "errorMessage": "no"}', kind)
        sys.exit(1)
    """
    result = workshop.invoke(workshop.bootstrap(failing, initialization="snap-start"))
    assert said(result) == {"errorType": "Hook", "errorMessage": "no"}
    assert any("Error Type: Runtime.AfterRestore" in text for text in texts(result))


def test_the_runtime_is_told_of_the_tenant(workshop: Workshop) -> None:
    source = """
        status, headers, event = call("GET", "invocation/next")
        request, tenant = headers["Lambda-Runtime-Aws-Request-Id"], headers["Lambda-Runtime-Aws-Tenant-Id"]
        call("POST", f"invocation/{request}/response", '"%s"' % tenant)
        next_id()
    """
    spec = workshop.bootstrap(source)
    assert said(workshop.play(lambda box: box.invoke(spec, b"1", request_id="r", tenant_id="blue"))) == "blue"
