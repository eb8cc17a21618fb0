"""The Extensions API, version 2020-01-01, of one environment.

One idea: each extension is a small state machine, moved by its own calls and by the events it is given; whoever drives
the environment asks for their states. It may not know processes, pools or logs.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html; states, error types and words are those of
AWS's runtime interface emulator (github.com/aws/aws-lambda-runtime-interface-emulator).
"""

from collections.abc import Callable, Iterable
from enum import Enum
from uuid import UUID

import orjson

from freehold.sandbox.http1 import Request
from freehold.sandbox.runtime_api import ACCEPTED, not_found, refuse

PREFIX = "/2020-01-01/extension/"
EXTENSIONS_MAX = 10
NAME_HEADER = "lambda-extension-name"
ID_HEADER = "Lambda-Extension-Identifier"
ERROR_TYPE_HEADER = "Lambda-Extension-Function-Error-Type"
FEATURES_HEADER = "lambda-extension-accept-feature"
EVENTS = ("INVOKE", "SHUTDOWN")
NOT_ALLOWED = "State transition is not allowed"


class State(Enum):
    """Where an extension stands, by AWS's names."""

    STARTED = "Started"
    REGISTERED = "Registered"
    READY = "Ready"
    RUNNING = "Running"
    INIT_ERROR = "InitError"
    EXIT_ERROR = "ExitError"
    LAUNCH_ERROR = "LaunchError"


class Call(Enum):
    """What an extension may ask, by AWS's name of where it leads."""

    REGISTER = "Registered"
    NEXT = "Ready"
    INIT_ERROR = "InitError"
    EXIT_ERROR = "Exited"


MOVES = {
    (Call.REGISTER, State.STARTED): State.REGISTERED,
    (Call.NEXT, State.REGISTERED): State.READY,
    (Call.NEXT, State.RUNNING): State.READY,
    (Call.INIT_ERROR, State.REGISTERED): State.INIT_ERROR,
    (Call.INIT_ERROR, State.INIT_ERROR): State.INIT_ERROR,
    (Call.EXIT_ERROR, State.REGISTERED): State.EXIT_ERROR,
    (Call.EXIT_ERROR, State.READY): State.EXIT_ERROR,
    (Call.EXIT_ERROR, State.RUNNING): State.EXIT_ERROR,
    (Call.EXIT_ERROR, State.EXIT_ERROR): State.EXIT_ERROR,
}
CALLS = {
    ("POST", "register"): Call.REGISTER,
    ("GET", "event/next"): Call.NEXT,
    ("POST", "init/error"): Call.INIT_ERROR,
    ("POST", "exit/error"): Call.EXIT_ERROR,
}
FATAL = {State.INIT_ERROR: "Extension.InitError", State.EXIT_ERROR: "Extension.ExitError"}
"""What the failure of an environment is called after an extension reported an error and went."""


class Extension:
    """One extension. An external one is a program of its own, an internal one a part of the runtime's process."""

    def __init__(self, name: str, external: bool, id: str) -> None:
        self.name, self.external, self.id = name, external, id
        self.state = State.STARTED
        self.events: tuple[str, ...] = ()
        self.error_type = ""
        self.parked: Request | None = None

    @property
    def waiting(self) -> bool:
        """True while it waits on the line for its next event."""
        return self.state is State.READY and self.parked is not None and not self.parked.gone

    def tell(self, event: bytes, event_id: str) -> None:
        """Give it an event for which it waits."""
        assert self.parked is not None
        parked, self.parked, self.state = self.parked, None, State.RUNNING
        parked.answer(200, event, {ID_HEADER: self.id, "Lambda-Extension-Event-Identifier": event_id})


class ExtensionsApi:
    """The extensions of one environment, in the order in which they came. `on_turn` hears of each new state.

    `about` is what each is told when it registers: functionName, functionVersion, handler; `account` only those that
    ask for it. `new_id` makes identifiers, 32 hexadecimal digits.
    """

    def __init__(
        self, on_turn: Callable[[Extension], None], about: dict[str, str], account: str, new_id: Callable[[], str]
    ) -> None:
        self.extensions: dict[str, Extension] = {}
        self.open = True
        self._on_turn = on_turn
        self._about, self._account = about, account
        self._new_id = new_id
        self._farewell: bytes | None = None

    def expect(self, name: str) -> Extension:
        """An external extension is about to be started under this name."""
        extension = self.extensions[name] = Extension(name, True, self._uuid())
        return extension

    def _uuid(self) -> str:
        return str(UUID(self._new_id()))

    def subscribed(self, event: str) -> list[Extension]:
        """The extensions that registered for an event."""
        return [extension for extension in self.extensions.values() if event in extension.events]

    def invoke(self, event: Callable[[], dict[str, object]]) -> None:
        """Tell those that registered for it of an invocation."""
        told = [extension for extension in self.subscribed("INVOKE") if extension.waiting]
        if told:
            body = orjson.dumps(event())
            for extension in told:
                extension.tell(body, self._uuid())

    def shut_down(self, event: dict[str, object]) -> None:
        """Tell those that registered for it of the end; those that do not wait yet hear of it when they ask."""
        self._farewell = orjson.dumps(event)
        for extension in self.subscribed("SHUTDOWN"):
            if extension.waiting:
                extension.tell(self._farewell, self._uuid())

    def serve(self, request: Request, path: str) -> None:
        """Answer one call of an extension."""
        call = CALLS.get((request.method, path))
        if call is None:
            not_found(request)
        elif call is Call.REGISTER:
            self._register(request)
        elif (extension := self.identify(request)) is not None:
            self._move(request, call, extension)

    def identify(self, request: Request) -> Extension | None:
        """Who asks. Refuses the request of one that is not known."""
        told = request.headers.get(ID_HEADER.lower(), "")
        if not told:
            refuse(request, 403, "Extension.MissingExtensionIdentifier", f"Missing {ID_HEADER} header")
            return None
        try:
            id = str(UUID(told))
        except ValueError:
            refuse(request, 403, "Extension.InvalidExtensionIdentifier", f"Invalid {ID_HEADER}")
            return None
        found = next((extension for extension in self.extensions.values() if extension.id == id), None)
        if found is None:
            refuse(request, 403, "Extension.UnknownExtensionIdentifier", f"Unknown extension {id}")
        return found

    def _move(self, request: Request, call: Call, extension: Extension) -> None:
        """A call other than the first."""
        if call is not Call.NEXT and not request.headers.get(ERROR_TYPE_HEADER.lower()):
            refuse(request, 403, "Extension.MissingHeader", f"{ERROR_TYPE_HEADER} not found")
            return
        following = self._following(call, extension)
        if following is None:
            _not_allowed(request, extension, call, extension.id)
            return
        extension.state = following
        if call is Call.NEXT:
            extension.parked = request
            if self._farewell is not None and "SHUTDOWN" in extension.events:
                extension.tell(self._farewell, self._uuid())
        else:
            extension.error_type = request.headers[ERROR_TYPE_HEADER.lower()]
            request.answer(202, ACCEPTED, {ID_HEADER: extension.id})
        self._on_turn(extension)

    def _following(self, call: Call, extension: Extension) -> State | None:
        if call is Call.NEXT and extension.state is State.READY and not extension.waiting:
            return State.READY  # its connection was lost while it waited
        return MOVES.get((call, extension.state))

    def _register(self, request: Request) -> None:
        """The first call of an extension: its name, and the events it wants."""
        name = request.headers.get(NAME_HEADER, "")
        if not name:
            refuse(request, 403, "Extension.InvalidExtensionName", "Empty extension name")
            return
        known = self.extensions.get(name)
        external = known is not None and known.external
        try:
            events = _events(request.body, external)
        except Refusal as refusal:
            refuse(request, 403, *refusal.args)
            return
        if external and known is not None:
            self._admit(request, known, events)
        elif (reason := self._reason_against(name)) is not None:
            refuse(request, 403, *reason)
        else:
            self._admit(request, Extension(name, False, self._uuid()), events)

    def _reason_against(self, name: str) -> tuple[str, str] | None:
        """Why no internal extension of this name can be taken in now."""
        if not self.open:
            return "Extension.RegistrationClosed", "Extension registration closed already"
        if len(self.extensions) >= EXTENSIONS_MAX:
            return "Extension.TooManyExtensions", f"Extension limit ({EXTENSIONS_MAX}) reached"
        if name in self.extensions:
            return "Extension.InvalidExtensionState", "Extension with this name already registered"
        return None

    def _admit(self, request: Request, extension: Extension, events: tuple[str, ...]) -> None:
        if MOVES.get((Call.REGISTER, extension.state)) is None:
            _not_allowed(request, extension, Call.REGISTER, extension.name)
            return
        self.extensions[extension.name] = extension
        extension.state, extension.events = State.REGISTERED, events
        features = [feature.strip() for feature in request.headers.get(FEATURES_HEADER, "").split(",")]
        account = {"accountId": self._account} if "accountId" in features else {}
        request.answer(200, orjson.dumps({**account, **self._about}), {ID_HEADER: extension.id})
        self._on_turn(extension)


class Refusal(Exception):
    """A registration that can not be taken: error type, message."""


def _events(body: bytes, external: bool) -> tuple[str, ...]:
    """The events a registration asks for. Raises Refusal."""
    try:
        told = orjson.loads(body) if body else None
    except orjson.JSONDecodeError as error:
        raise Refusal("InvalidRequestFormat", str(error)) from error
    events = told.get("events") or [] if isinstance(told, dict) else None
    if not isinstance(events, list) or not isinstance(told, dict):
        raise Refusal("InvalidRequestFormat", "the body is no JSON object with a list of events")
    if told.get("configurationKeys"):
        words = "configurationKeys are deprecated; use environment variables instead"
        raise Refusal("InvalidRequestFormat", words)
    for event in events:
        if event not in EVENTS:
            raise Refusal("Extension.InvalidEventType", f"{event}: ErrorInvalidEventType")
        if event == "SHUTDOWN" and not external:
            words = f"{event}: ShutdownEventNotSupportedForInternalExtension"
            raise Refusal("Extension.InvalidEventType", words)
    return tuple(dict.fromkeys(events))


def _not_allowed(request: Request, extension: Extension, call: Call, named: str) -> None:
    words = f"State transition from {extension.state.value} to {call.value} failed for extension {named}."
    refuse(request, 403, "Extension.InvalidExtensionState", f"{words} Error: {NOT_ALLOWED}")


def unready(extensions: Iterable[Extension]) -> bool:
    """Whether any of these has still to ask for its next event."""
    return any(not extension.waiting for extension in extensions)
