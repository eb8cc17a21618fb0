"""Starting the .NET runtime in this process, by its own hosting library.

One idea: hostfxr is asked for a function pointer, and Python.NET's loader is the function; from then on .NET's types
can be imported. It runs inside the function's own process, may use the standard library alone, and knows no functions.

https://github.com/dotnet/runtime/blob/main/docs/design/features/native-hosting.md
https://pythonnet.github.io
"""

from __future__ import annotations

import ctypes
import glob
import os

LOAD_FUNCTION = 5  # hdt_load_assembly_and_get_function_pointer
BRIDGE = "Python.Runtime.dll"
LOADER = b"Python.Runtime.Loader, Python.Runtime"
LOADING = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_void_p),
)  # fmt: skip
ENTRY = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class Parameters(ctypes.Structure):
    """hostfxr_initialize_parameters"""

    _fields_ = [("size", ctypes.c_size_t), ("host_path", ctypes.c_char_p), ("dotnet_root", ctypes.c_char_p)]


class NotHosted(Exception):
    """The runtime does not start; the message says at which step, and its code."""


def start(root: str, settings: str, bridge: str) -> None:
    """Start what the file `settings`, a runtimeconfig.json, asks for, of the .NET at `root`; `bridge` is a folder."""
    libraries = sorted(glob.glob(f"{root}/host/fxr/*/libhostfxr.so"), key=_version)
    if not libraries:
        raise NotHosted(f"there is no libhostfxr.so below {root}")
    hosting = ctypes.CDLL(libraries[-1])
    place, handle = Parameters(ctypes.sizeof(Parameters), None, root.encode()), ctypes.c_void_p()
    begun = hosting.hostfxr_initialize_for_runtime_config(settings.encode(), ctypes.byref(place), ctypes.byref(handle))
    if begun < 0 or not handle:
        raise NotHosted(f"hostfxr_initialize_for_runtime_config: {begun & 0xFFFFFFFF:#x}")
    loading, entry = ctypes.c_void_p(), ctypes.c_void_p()
    _check(
        "hostfxr_get_runtime_delegate",
        hosting.hostfxr_get_runtime_delegate(handle, LOAD_FUNCTION, ctypes.byref(loading)),
    )
    load = LOADING(loading.value or 0)
    _check(BRIDGE, load(os.path.join(bridge, BRIDGE).encode(), LOADER, b"Initialize", None, None, ctypes.byref(entry)))
    nothing = ctypes.create_string_buffer(1)
    _check("Python.Runtime.Loader.Initialize", ENTRY(entry.value or 0)(ctypes.addressof(nothing), 0))


def _check(step: str, code: int) -> None:
    if code:
        raise NotHosted(f"{step}: {code & 0xFFFFFFFF:#x}")


def _version(path: str) -> list[int]:
    name = os.path.basename(os.path.dirname(path))
    return [int(part) for part in name.split("-")[0].split(".") if part.isdigit()]
