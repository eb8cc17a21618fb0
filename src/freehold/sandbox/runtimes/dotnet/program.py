"""The .NET runtime: takes invocations from the Runtime API and calls a method of the function's assembly.

One idea: what a handler takes and gives is put into one compiled expression, from a stream to a stream; so no value
crosses from .NET to here. It runs inside the function's own process, beside the Python runtime whose client of the
Runtime API it uses. Types of .NET are imported where they are used: there are none before it has started.

https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html
"""

from __future__ import annotations

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "python"))
from bootstrap import Fault, RuntimeApi, dump
from clr_host import NotHosted, start

del sys.path[0]

CORE = "Amazon.Lambda.Core"
CONTEXT, SERIALIZER, MARK = (
    f"{CORE}.{name}" for name in ("ILambdaContext", "ILambdaSerializer", "LambdaSerializerAttribute")
)
STREAM, TASK, VOID = "System.IO.Stream", "System.Threading.Tasks.Task", "System.Void"
OURS = "   at lambda_method"  # what is below it in a stack is not the function's
VARIABLES = {
    "FunctionName": "AWS_LAMBDA_FUNCTION_NAME", "FunctionVersion": "AWS_LAMBDA_FUNCTION_VERSION",
    "LogGroupName": "AWS_LAMBDA_LOG_GROUP_NAME", "LogStreamName": "AWS_LAMBDA_LOG_STREAM_NAME",
}  # fmt: skip
NO_SERIALIZER = (
    "Could not find the LambdaSerializerAttribute on the assembly '{}' or method '{}' while method uses types other "
    "than System.IO.Stream or Amazon.Lambda.Core.ILambdaContext."
)
FORM = "The handler '{}' is not of the form <assembly>::<type>::<method>."


class Function:
    """The handler, ready to be called: `run(event, context)` gives the answer's bytes."""

    def __init__(self, handler: str, folder: str) -> None:
        from System import Activator
        from System.Reflection import BindingFlags

        try:
            assembly_name, type_name, method_name = handler.split("::")
        except ValueError:
            raise Fault("LambdaValidationException", FORM.format(handler)) from None
        self._assembly = load(folder, assembly_name)
        kind = self._assembly.GetType(type_name)
        if kind is None:
            raise Fault(
                "LambdaValidationException", f"Unable to load type '{type_name}' from assembly '{assembly_name}'."
            )
        flags = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        found = [method for method in kind.GetMethods(flags) if method.Name == method_name]
        if len(found) != 1:
            words = f"Found {len(found)} methods '{method_name}' in type '{type_name}'; exactly one is needed."
            raise Fault("LambdaValidationException", words)
        self._method = found[0]
        self._instance = None if self._method.IsStatic else Activator.CreateInstance(kind)
        self.context_type = next((one for one in self._takes() if one.FullName == CONTEXT), None)
        self._call = self._compiled()

    def run(self, event: bytes, context: object) -> bytes:
        from System.IO import MemoryStream

        output = MemoryStream()
        self._call(MemoryStream(event), context, output)
        return bytes(output.ToArray())

    def _takes(self) -> list:
        return [parameter.ParameterType for parameter in self._method.GetParameters()]

    def _compiled(self):
        """(input stream, context, output stream) → the handler called with what it takes, its answer written."""
        import clr

        clr.AddReference("System.Linq.Expressions")
        from System import Array, Object
        from System.IO import Stream
        from System.Linq.Expressions import Expression, ParameterExpression

        stream = clr.GetClrType(Stream)
        source, target = Expression.Parameter(stream), Expression.Parameter(stream)
        context = Expression.Parameter(self.context_type or clr.GetClrType(Object))
        given = [self._argument(kind, source, context) for kind in self._takes()]
        instance = None if self._instance is None else Expression.Constant(self._instance)
        called = Expression.Call(instance, self._method, Array[Expression](given))
        body = self._written(awaited(called), target)
        return Expression.Lambda(body, Array[ParameterExpression]([source, context, target])).Compile()

    def _argument(self, kind, source, context):
        if kind.FullName == CONTEXT:
            return context
        return source if kind.FullName == STREAM else self._serialized("Deserialize", kind, [source])

    def _written(self, value, target):
        """What writes a value, if there is one, to the output."""
        from System import Array
        from System.Linq.Expressions import Expression

        if value.Type.FullName == VOID:
            return value
        if is_stream(value.Type):
            copy = next(
                one for one in value.Type.GetMethods() if one.Name == "CopyTo" and len(one.GetParameters()) == 1
            )
            return Expression.Call(value, copy, Array[Expression]([target]))
        return self._serialized("Serialize", value.Type, [value, target])

    def _serialized(self, name: str, kind, given: list):
        """A call of the function's serializer for a type."""
        import System
        from System.Linq.Expressions import Expression

        serializer = System.Activator.CreateInstance(self._serializer_type())
        port = next(one for one in serializer.GetType().GetInterfaces() if one.FullName == SERIALIZER)
        method = port.GetMethod(name).MakeGenericMethod(System.Array[System.Type]([kind]))
        instance = Expression.Convert(Expression.Constant(serializer), port)
        return Expression.Call(instance, method, System.Array[Expression](given))

    def _serializer_type(self):
        """What the method, else the assembly, names as its serializer."""
        for place in (self._method, self._assembly):
            for mark in place.GetCustomAttributes(False):
                if mark.GetType().FullName == MARK:
                    return mark.SerializerType
        name = str(self._assembly.GetName().Name)
        raise Fault("LambdaValidationException", NO_SERIALIZER.format(name, self._method.Name))


def is_stream(kind) -> bool:
    while kind is not None and kind.FullName != STREAM:
        kind = kind.BaseType
    return kind is not None


def awaited(value):
    """The value itself, or what its task comes to: the exception of a task that failed is its own."""
    from System import Array
    from System.Linq.Expressions import Expression

    kind = value.Type
    while kind is not None and kind.FullName != TASK and not str(kind.FullName or "").startswith(f"{TASK}`1"):
        kind = kind.BaseType
    if kind is None:
        return value
    nothing = Array[Expression]([])
    awaiter = Expression.Call(value, kind.GetMethod("GetAwaiter"), nothing)
    return Expression.Call(awaiter, awaiter.Type.GetMethod("GetResult"), nothing)


def load(folder: str, name: str):
    """An assembly of the function's folder; those it asks for are looked for beside it."""
    from System.Runtime.Loader import AssemblyLoadContext

    def beside(context, wanted):
        path = f"{folder}/{wanted.Name}.dll"
        return context.LoadFromAssemblyPath(path) if os.path.isfile(path) else None

    AssemblyLoadContext.Default.Resolving += beside
    path = f"{folder}/{name}.dll"
    if not os.path.isfile(path):
        raise Fault(
            "LambdaValidationException", f"Could not find the specified handler assembly with the file name '{name}'."
        )
    return AssemblyLoadContext.Default.LoadFromAssemblyPath(path)


def contexts(function: Function):
    """What makes the context of an invocation, of its headers; nothing where the handler takes none."""
    if function.context_type is None:
        return lambda headers: None
    import clr
    import System

    clr.AddReference(CORE)
    core = __import__(CORE, fromlist=["ILambdaContext"])
    voice = {
        "Log": lambda self, text: System.Console.Write(text),
        "LogLine": lambda self, text: System.Console.WriteLine(text),
    }
    logger = type("Logger", (core.ILambdaLogger,), {"__namespace__": "Freehold", **voice})()
    members = {name: of_headers(read) for name, read in readers().items()}
    members |= {"Logger": lambda self: logger, "ClientContext": nothing, "Identity": nothing}
    getters = {f"get_{name}": member for name, member in members.items()}
    kind = type("Context", (core.ILambdaContext,), {"__namespace__": "Freehold", **getters})

    def made(headers: dict):
        context = kind()
        context.headers = headers
        return context

    return made


def nothing(self) -> None:
    """A member of a context that is not told of here."""


def of_headers(read):
    """A getter of a context that reads the headers of its invocation."""
    return lambda self: read(self.headers)


def variable(name: str):
    """A reader of headers that tells a variable instead."""
    return lambda headers: os.environ.get(name)


def readers() -> dict:
    """Members of a context → what they are, by an invocation's headers and the environment's variables."""
    from System import TimeSpan

    def remaining(headers: dict):
        left_ms = int(headers.get("lambda-runtime-deadline-ms") or 0) - time.time_ns() // 1_000_000
        return TimeSpan.FromMilliseconds(float(max(left_ms, 0)))

    memory_mb = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") or 0)
    return {
        **{name: variable(key) for name, key in VARIABLES.items()},
        "AwsRequestId": lambda headers: headers["lambda-runtime-aws-request-id"],
        "InvokedFunctionArn": lambda headers: headers.get("lambda-runtime-invoked-function-arn", ""),
        "MemoryLimitInMB": lambda headers: memory_mb,
        "RemainingTime": remaining,
    }


def report_of(error: BaseException) -> dict:
    """An exception as the caller sees it, with what caused it; .NET's own wrappings are taken off."""
    inner = getattr(error, "InnerException", None)
    if inner is not None and type(error).__name__ in ("TargetInvocationException", "AggregateException"):
        return report_of(inner)
    lines = str(getattr(error, "StackTrace", None) or "").partition(OURS)[0].splitlines()
    trace = [line.strip() for line in lines if line.strip()]
    kind = error.kind if isinstance(error, Fault) else type(error).__name__
    message = getattr(error, "Message", None)
    report = {"errorType": kind, "errorMessage": str(error) if message is None else str(message), "stackTrace": trace}
    return {**report, "cause": report_of(inner)} if inner is not None else report


def say(report: dict) -> None:
    """One event of the log."""
    lines = [f"{report['errorType']}: {report['errorMessage']}", *(f"   {line}" for line in report["stackTrace"])]
    os.write(1, "\r".join(lines).encode("utf-8", "replace") + b"\n")


def serve(api: RuntimeApi, function: Function) -> None:
    """Take invocations for ever."""
    context, answer = contexts(function), b""
    while True:
        headers, event = api.next(answer)
        request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        try:
            answer = api.post(f"invocation/{request_id}/response", function.run(event, context(headers)))
        except Exception as error:  # whatever the function raises is its answer
            report = report_of(error)
            say(report)
            answer = api.post(f"invocation/{request_id}/error", *dump(report), report["errorType"])


def main() -> None:
    """Start .NET, get the handler ready, then serve. Arguments: the root of .NET, its settings, the bridge's folder."""
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        start(*sys.argv[1:4])
        function = Function(os.environ["_HANDLER"], os.environ["LAMBDA_TASK_ROOT"])
    except (Exception, NotHosted) as error:  # whatever the function's type raises is the reason
        report = report_of(error)
        say(report)
        api.fail_init(report)
        sys.exit(1)
    serve(api, function)


if __name__ == "__main__":
    main()
