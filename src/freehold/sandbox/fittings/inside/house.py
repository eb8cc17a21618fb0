"""The root folder that cells have in common: the system's programs and libraries, read-only, and nothing else of it.

One idea: a fresh root is built of binds and of few files written here; the machine's own root stays reachable at
`HOST` only until a cell has taken from it what its plan names. Standard library only. It may not know plans.
"""

from __future__ import annotations

import os
import sys

from .kernel import (
    ATTR_NODEV,
    ATTR_NOEXEC,
    ATTR_NOSUID,
    ATTR_RDONLY,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_REC,
    MS_SLAVE,
    NEW_NS,
    NEW_USER,
    keep_capabilities,
    mount,
    pivot_root,
    restrict,
    unshare,
)

HOST = "/.host"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (  # what programs read of /etc; none of it is secret
    "alternatives", "ca-certificates", "crypto-policies", "fonts", "gai.conf", "host.conf", "ld.so.cache",
    "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types", "os-release", "pki/ca-trust", "pki/tls/certs", "protocols",
    "services", "ssl/certs", "ssl/openssl.cnf",
)  # fmt: skip
SETTINGS_STARTING = ("java", "dotnet")
SHELL, BASH = "/bin/sh", "/usr/bin/bash"  # sh is bash where functions live, and scripts are written for it
PLAIN_SHELLS = ("dash",)  # which are nothing else: bash can lie over them
DEVICES = ("null", "zero", "full", "random", "urandom")
FOLDERS = ("dev", "etc", "opt", "proc", "tmp", "run", "mnt", "var/lang", "var/runtime", "var/task", HOST[1:])
LINKS = {"dev/fd": "/proc/self/fd", "dev/stdin": "/proc/self/fd/0", "dev/stdout": "/proc/self/fd/1",
         "dev/stderr": "/proc/self/fd/2", "var/run": "/run", "var/tmp": "/tmp"}  # fmt: skip
USER, UID = "sbx_user1051", 993
WRITTEN = {
    "etc/passwd": f"root:x:0:0:root:/root:/bin/sh\n{USER}:x:{UID}:{UID}::/tmp:/bin/sh\n",
    "etc/group": f"root:x:0:\n{USER}:x:{UID}:\n",
    "etc/hosts": "127.0.0.1 localhost sandbox sandbox.localdomain\n::1 localhost\n",
    "etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/hostname": "localhost\n",
}
MOVED = ("dev", "proc", "tmp")
ASIDE = "/mnt"  # where another root is built
ROOT_OPTIONS = "mode=755,size=4m,nr_inodes=20000"
SHOWN = ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV


def enter(base: str, shown: dict[str, str]) -> None:
    """Build the root at the folder `base`, of the system and of `shown` (place → folder of the host), and go there.

    As root by root's power; otherwise in a user namespace where one is root over nothing but this.
    """
    os.umask(0o022)  # whatever the server's is: who runs in here is another user
    user, group = os.geteuid(), os.getegid()
    unshare(NEW_NS if user == 0 else NEW_NS | NEW_USER)
    if user != 0:
        map_ids(os.open("/proc", os.O_PATH | os.O_CLOEXEC), user, group, UID)  # were it 0, it would own process 1
        keep_capabilities()
    mount("none", "/", flags=MS_REC | MS_SLAVE)
    mount("cell", base, "tmpfs", MS_NOSUID | MS_NODEV, ROOT_OPTIONS)
    _write(base)
    for place in SYSTEM:
        show(place, base + place)
    names = [*SETTINGS, *(name for name in os.listdir("/etc") if name.startswith(SETTINGS_STARTING))]
    for name in names:
        show(f"/etc/{name}", f"{base}/etc/{name}")
    for place, source in shown.items():
        show(source, base + place)
    shell = os.path.realpath(SHELL)
    if os.path.basename(shell) in PLAIN_SHELLS and os.path.exists(BASH):
        mount(BASH, base + shell, flags=MS_BIND)
    restrict(base, SHOWN)
    for name in DEVICES:
        mount(f"/dev/{name}", f"{base}/dev/{name}", flags=MS_BIND)
        restrict(f"{base}/dev/{name}", ATTR_NOSUID | ATTR_NOEXEC)
    os.chdir(base)
    pivot_root(".", HOST[1:])
    os.chdir("/")


def move(root: str, kept: list[str]) -> None:
    """Go on in the root of a container image, with the /dev, /proc and /tmp of this one and the `kept` places.

    A place is kept where the image has something at it: nothing can be made in a folder that is read-only.
    """
    mount("image", ASIDE, "tmpfs", MS_NOSUID | MS_NODEV, ROOT_OPTIONS)
    for name in sorted({*os.listdir(root), *MOVED, HOST[1:]}):
        if os.path.islink(f"{root}/{name}") and name not in MOVED:
            os.symlink(os.readlink(f"{root}/{name}"), f"{ASIDE}/{name}")
        elif name in MOVED or name == HOST[1:]:
            os.mkdir(f"{ASIDE}/{name}")
        else:
            show(f"{root}/{name}", f"{ASIDE}/{name}")
    restrict(ASIDE, SHOWN)
    for name in MOVED:
        mount(f"/{name}", f"{ASIDE}/{name}", flags=MS_BIND | MS_REC)
    os.chdir(ASIDE)
    pivot_root(".", HOST[1:])
    os.chdir("/")
    for place in kept:
        if os.path.exists(place):
            mount(HOST + place, place, flags=MS_BIND | MS_REC)
            restrict(place, SHOWN)


def map_ids(proc: int, uid: int, gid: int, seen_as: int) -> None:
    """Say which one user and group the fresh user namespace has: `uid` and `gid` outside. `proc` is open at /proc."""
    for name, line in (("setgroups", "deny"), ("uid_map", f"{seen_as} {uid} 1"), ("gid_map", f"{seen_as} {gid} 1")):
        with open(os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc), "w") as file:
            file.write(line)


def _write(base: str) -> None:
    """The few folders, links and files of the root's own."""
    for name in FOLDERS:
        os.makedirs(f"{base}/{name}", exist_ok=True)
    for name, target in LINKS.items():
        os.symlink(target, f"{base}/{name}")
    for name, text in {**WRITTEN, **{f"dev/{name}": "" for name in DEVICES}}.items():
        with open(f"{base}/{name}", "w") as file:
            file.write(text)


def show(source: str, place: str) -> None:
    """Show a file or folder of the host at a place, a link as a link; what is not there is not shown."""
    if os.path.islink(source) and source in SYSTEM:
        os.symlink(os.readlink(source), place)
        return
    source = os.path.realpath(source)
    if os.path.isdir(source):
        os.makedirs(place, exist_ok=True)
    elif os.path.exists(source):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if not os.path.exists(place):
            os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o644))
    else:
        return
    mount(source, place, flags=MS_BIND | MS_REC)


def within(places: list[str], place: str) -> bool:
    """Whether a place lies in one that is shown already."""
    return any(place == known or place.startswith(known.rstrip("/") + "/") for known in places)


def main() -> None:
    """Go to the root that the first argument names, `place=folder` what the rest say, and become the program there."""
    base, count, *words = sys.argv[1:]
    shown = dict(word.split("=", 1) for word in words[: int(count)])
    enter(base, shown)
    environ = dict(os.environ)
    os.execve(words[int(count)], words[int(count) :], environ)
