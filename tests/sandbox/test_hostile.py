"""Hostile tenants: what a cell's walls must hold, as root and as an ordinary user.

One Freehold is besieged by all attacks, one after the other; after each an honest function must be served.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from freehold.sandbox.fittings.choice import refusal

HERE = Path(__file__).parents[2]
USER = "54321"
LAYER = "layer"  # with a program that runs as who owns it: root, where that is who runs the tests
MEMORY = "Runtime exited with error: signal: killed"
X86 = os.uname().machine == "x86_64"
GONE = {"ENOENT", "EACCES", "ENOTDIR"}
Outcomes = list[dict[str, Any]]


class Attack(NamedTuple):
    """A handler's source, the events it is sent one after the other, and what must have come of it."""

    source: str
    holds: Callable[[Outcomes], bool]
    events: tuple[Any, ...] = (None,)
    fields: dict[str, Any] = {}


def answer_is(value: Any) -> Callable[[Outcomes], bool]:
    return lambda outcomes: outcomes[0]["answer"] == value


def ended_by(status: str, kind: str) -> Callable[[Outcomes], bool]:
    return lambda outcomes: outcomes[0]["status"] == status and outcomes[0]["answer"]["errorType"] == kind


def out_of_memory(outcomes: Outcomes) -> bool:
    return ended_by("memory", "Runtime.OutOfMemory")(outcomes) and MEMORY in outcomes[0]["answer"]["errorMessage"]


CALLS = {  # x86_64
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "setns": 308, "ptrace": 101, "keyctl": 250,
    "add_key": 248, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "kexec_load": 246, "init_module": 175,
    "delete_module": 176, "reboot": 169, "swapon": 167, "open_by_handle_at": 304, "name_to_handle_at": 303,
    "quotactl": 179, "acct": 163, "settimeofday": 164, "process_vm_readv": 310, "pidfd_getfd": 438, "fsopen": 430,
    "open_tree": 428, "move_mount": 429, "mount_setattr": 442, "iopl": 172, "syslog": 103,
}  # fmt: skip

ATTACKS = {
    "reads the machine's files": Attack(
        """
        def handler(event, context):
            return [tried(read, path) if not os.path.isdir(path) else os.listdir(path) for path in event["paths"]]
        """,
        # but for the way to the interpreter and the SDK
        lambda outcomes: all(found in (*GONE, ["shelf"], [".pyenv"]) for found in outcomes[0]["answer"]),
    ),
    "reads the first process": Attack(
        """
        def handler(event, context):
            return [tried(read, f"/proc/1/{name}") for name in ("environ", "mem", "maps", "stack")] + [
                tried(os.listdir, "/proc/1/fd"), tried(os.readlink, "/proc/1/exe"), tried(os.listdir, "/proc/1/root")]
        """,
        lambda outcomes: set(outcomes[0]["answer"]) <= {"EACCES", "EPERM"},
    ),
    "looks for other processes": Attack(
        """
        def handler(event, context):
            pids = [name for name in os.listdir("/proc") if name.isdigit()]
            return [pids, tried(os.kill, event["pid"], 0), os.getuid(), os.getppid()]
        """,
        answer_is([["1", "2"], "ESRCH", 993, 1]),
    ),
    "signals the first process": Attack(
        """
        def handler(event, context):
            for number in set(signal.Signals): tried(os.kill, 1, number)
            time.sleep(0.05)
            return "survived"
        """,
        answer_is("survived"),
    ),
    "calls the kernel": Attack(
        f"""
        CALLS = {CALLS}
        def handler(event, context):
            said = {{name: called(number, 0, 0, 0, 0, 0) for name, number in CALLS.items()}}
            return {{name: word for name, word in said.items() if word != "EPERM"}}
        """,
        answer_is({}),
    ),
    "makes namespaces": Attack(
        """
        def handler(event, context):
            flags = (0x20000, 0x10000000, 0x20000000, 0x40000000, 0x2000000, 0x80)
            return [libc.unshare(flag) for flag in flags] + [called(435, None, 0), called(425, 1, None)]
        """,
        answer_is([-1] * 6 + ["ENOSYS", "ENOSYS"]),
    ),
    "calls by another convention": Attack(
        "def handler(event, context): return called(0x40000000 + 39)", answer_is("ENOSYS")
    ),
    "opens odd sockets": Attack(
        """
        ODD = ((17, 3, 0), (40, 1, 0), (38, 5, 0), (16, 3, 4), (16, 3, 12), (9, 5, 0), (31, 3, 0), (44, 3, 0))
        def handler(event, context):
            usual = [tried(lambda: socket.socket(*words).close()) for words in ((2, 1), (10, 1), (1, 1), (16, 3, 0))]
            raw = tried(socket.socket, 2, 3, 1)
            return [tried(socket.socket, *words) for words in ODD], usual, raw
        """,
        answer_is([["EAFNOSUPPORT"] * 8, [None] * 4, "EPERM"]),
    ),
    "connects to what is not its own": Attack(
        """
        def reached(family, address):
            with socket.socket(family) as line:
                line.settimeout(2)
                line.connect(address)
        def handler(event, context):
            inet = (("127.0.0.1", event["port"]), ("169.254.169.254", 80), ("0.0.0.0", event["port"]))
            said = [tried(reached, socket.AF_INET, address) for address in inet]
            return said + [tried(reached, socket.AF_UNIX, "\\0" + event["abstract"])]
        """,
        lambda outcomes: None not in outcomes[0]["answer"] and outcomes[0]["answer"][0] == "ECONNREFUSED",
    ),
    "sees the machine's sockets": Attack(
        """
        def handler(event, context):
            lines = open("/proc/net/tcp").read().splitlines()[1:]
            links = [line.split(":")[0].strip() for line in open("/proc/net/dev").read().splitlines()[2:]]
            names = open("/proc/net/unix").read()
            return [f"{event['port']:04X}" in " ".join(lines), event["abstract"] in names, links]
        """,
        answer_is([False, False, ["lo"]]),
    ),
    "writes where it may not": Attack(
        """
        PLACES = ("/var/task/app.py", "/var/task/new", "/opt/new", "/var/runtime/new", "/etc/passwd", "/usr/bin/new",
            "/new", "/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj", "/proc/sysrq-trigger", "/dev/new")
        def handler(event, context):
            return sorted({tried(open, place, "w") for place in PLACES})
        """,
        lambda outcomes: set(outcomes[0]["answer"]) <= {"EROFS", "EACCES", "ENOENT"},
    ),
    "makes devices and gains power": Attack(
        """
        def handler(event, context):
            made = tried(os.mknod, "/tmp/sda", 0o60600, os.makedev(8, 0))
            mounts = [line.split()[3].split(",") for line in open("/proc/mounts")]
            status = dict(line.split(":", 1) for line in open("/proc/self/status"))
            powers = {status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
            return [made, all("nosuid" in words for words in mounts), status["NoNewPrivs"].strip(),
                sorted(powers), tried(os.setuid, 0), tried(os.setgroups, [0])]
        """,
        answer_is(["EPERM", True, "1", ["0" * 16], "EINVAL", "EPERM"]),
    ),
    "runs a program of root's with the setuid bit": Attack(
        """
        def handler(event, context):
            ran = subprocess.run(["/opt/cat", "/proc/self/status"], capture_output=True, text=True)
            told = dict(line.split(":\\t", 1) for line in ran.stdout.splitlines())
            return [bool(os.stat("/opt/cat").st_mode & 0o4000), *told["Uid"].split(), told["CapEff"]]
        """,
        answer_is([True, *["993"] * 4, "0" * 16]),
        fields={"layers": [LAYER]},
    ),
    "looks for open descriptors": Attack(
        """
        def handler(event, context):
            names = {fd: os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                     if os.path.islink(f"/proc/self/fd/{fd}")}
            return [sorted(name.split(":")[0] for name in names.values() if "/fd" not in name)]
        """,
        answer_is([["/dev/null", "pipe", "pipe", "pipe", "socket"]]),
    ),
    "seeks the memory of others": Attack(
        """
        def handler(event, context):
            secret = "swonk-tnanet-tsrif-eht-ylno"[::-1].encode()
            with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
                ranges = [line.split()[0].split("-") for line in maps if " rw" in line]
                found = 0
                for start, end in ranges:
                    memory.seek(int(start, 16))
                    found += tried(memory.read, int(end, 16) - int(start, 16)).count(secret)
            return found - 1
        """,
        lambda outcomes: outcomes[0]["answer"] <= 3,
    ),
    "forks without end": Attack(
        """
        def handler(event, context):
            count = 0
            while True:
                try:
                    if os.fork() == 0: time.sleep(600)
                except OSError: return count
                count += 1
        """,
        lambda outcomes: outcomes[0]["status"] == "memory" or outcomes[0]["answer"] < 1_024,
        fields={"memory_mb": 1_024},
    ),
    "starts threads without end": Attack(
        """
        import threading
        def handler(event, context):
            threading.stack_size(65536)
            for count in range(5000):
                try: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
                except RuntimeError: return count
        """,
        lambda outcomes: 900 < outcomes[0]["answer"] < 1_024,
        fields={"memory_mb": 2_048, "timeout_s": 60},
    ),
    "takes memory at once": Attack(
        "def handler(event, context): return len(b'x' * (3 << 30))", out_of_memory, fields={"memory_mb": 128}
    ),
    "takes memory bit by bit": Attack(
        """
        def handler(event, context):
            held = []
            while True: held.append(bytearray(1 << 20)); time.sleep(0.001)
        """,
        out_of_memory,
        fields={"memory_mb": 128},
    ),
    "takes memory in its children": Attack(
        """
        def handler(event, context):
            for _ in range(8):
                if os.fork() == 0:
                    held = bytearray(os.urandom(1 << 20) * 40)
                    time.sleep(600)
            time.sleep(600)
        """,
        out_of_memory,
        fields={"memory_mb": 256},
    ),
    "takes memory in files without a name": Attack(
        """
        def handler(event, context):
            held = []
            for _ in range(4096):
                held.append(os.memfd_create("x"))
                os.truncate(held[-1], 1 << 20)
                os.write(held[-1], b"x" * (1 << 20))
        """,
        lambda outcomes: outcomes[0]["status"] in ("memory", "error"),
        fields={"memory_mb": 128},
    ),
    "fills its /tmp": Attack(
        """
        def handler(event, context):
            written = 0
            with open("/tmp/fill", "wb", buffering=0) as file:
                while True:
                    try: written += file.write(b"x" * (1 << 20))
                    except OSError as error: return [errno.errorcode[error.errno], written >> 20]
        """,
        answer_is(["ENOSPC", 600]),
        fields={"memory_mb": 128, "ephemeral_mb": 600},
    ),
    "floods the log": Attack(
        """
        def handler(event, context):
            for _ in range(80): print("x" * (1 << 20))
            return "done"
        """,
        lambda outcomes: outcomes[0]["answer"] == "done" and outcomes[0]["log_size"] < 66 << 20,
    ),
    "writes garbage on the telemetry pipe": Attack(
        """
        def handler(event, context):
            for junk in (b"\\0" * 100, b"\\xa5\\x5a\\x00\\x03" + b"\\xff" * 12, os.urandom(100_000)): os.write(3, junk)
            return "done"
        """,
        answer_is("done"),
    ),
    "sends endless headers": Attack(
        """
        def handler(event, context):
            host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
            with socket.create_connection((host, int(port))) as line:
                line.settimeout(5)
                line.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\n")
                for sent in range(100_000):
                    try: line.sendall(b"X-Endless: " + b"x" * 1000 + b"\\r\\n")
                    except OSError: return "hung up on"
        """,
        answer_is("hung up on"),
    ),
    "works on while it is frozen": Attack(
        """
        def daemon():
            if os.fork(): return
            os.setsid()
            if os.fork(): os._exit(0)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCONT): signal.signal(number, signal.SIG_IGN)
            at = 0
            while True:
                at += 1
                os.pwrite(file, b"%8d" % at, 0)
                time.sleep(0.001)
        file = os.open("/tmp/count", os.O_RDWR | os.O_CREAT)
        def handler(event, context):
            if event["event"] == "start":
                daemon()
                while len(os.pread(file, 8, 0)) < 8: time.sleep(0.001)
            return int(os.pread(file, 8, 0))
        """,
        lambda outcomes: 0 < outcomes[0]["answer"] <= outcomes[1]["answer"] < outcomes[0]["answer"] + 100,
        events=("start", "look"),
    ),
    "leaves processes behind": Attack(
        """
        def handler(event, context):
            if event["event"] == "look":
                return [len([name for name in os.listdir("/proc") if name.isdigit()]), os.path.exists("/tmp/mark")]
            open("/tmp/mark", "w").close()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
            time.sleep(600)
        """,
        lambda outcomes: outcomes[0]["status"] == "timeout" and outcomes[1]["answer"] in ([2, True], [2, False]),
        events=("hide", "look"),
        fields={"timeout_s": 0.5},
    ),
    "kills its own runtime": Attack(
        "def handler(event, context): os.kill(os.getpid(), 9)", ended_by("crash", "Runtime.ExitError")
    ),
}


# Each siege is laid once, by one worker.
USERS = [
    pytest.param(who, marks=pytest.mark.xdist_group(f"besieged {who}")) for who in ("as root", "as an ordinary user")
]


@pytest.fixture(scope="module", params=USERS)
def outcomes(request: pytest.FixtureRequest) -> dict[str, Outcomes]:
    """What came of every attack."""
    if reason := refusal():
        pytest.skip(f"no namespaces here: {reason}")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        return _besieged(request.param, Path(folder))


def _besieged(who: str, folder: Path) -> dict[str, Outcomes]:
    attacks = [
        {"name": name, "source": attack.source, "events": attack.events, "fields": attack.fields}
        for name, attack in ATTACKS.items()
        if X86 or name not in ("calls the kernel", "calls by another convention")
    ]
    asked = json.dumps({"folder": str(folder), "attacks": attacks})
    (folder / LAYER).mkdir()
    shutil.copy(str(shutil.which("cat")), folder / LAYER)
    (folder / LAYER / "cat").chmod(0o4755)
    command = [*_become(who, folder), "-m", "tests.sandbox.siege"]
    paths = [str(HERE / "src"), str(HERE), sysconfig.get_path("purelib")]
    env = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    ran = subprocess.run(command, input=asked, capture_output=True, text=True, env=env, cwd=folder, timeout=150)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Outcomes] = json.loads(ran.stdout)
    return told


def _become(who: str, folder: Path) -> list[str]:
    """The command that runs this Python, or one like it, as that user; `folder` is then theirs."""
    mine = os.path.realpath(sys.executable)
    if os.geteuid() != 0:
        return [mine] if who != "as root" else pytest.skip("not root")
    if who == "as root":
        return [mine]
    other = f"/usr/bin/python3.{sys.version_info.minor}"
    python = next((path for path in (mine, other) if _open_to_all(path)), None)
    if python is None or not shutil.which("setpriv"):
        pytest.skip("an ordinary user needs setpriv and a Python of the same version that everybody may run")
    os.chown(folder, int(USER), int(USER))
    return ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", python]


def _open_to_all(path: str) -> bool:
    places = [Path(path), *Path(path).parents]
    return Path(path).exists() and all(place.stat().st_mode & 0o001 for place in places)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_walls_hold_against_one_who(outcomes: dict[str, Outcomes], name: str) -> None:
    if name not in outcomes:
        pytest.skip("the numbers of system calls are another machine's")
    *came, honest = outcomes[name]
    assert ATTACKS[name].holds(came), came
    assert (honest["status"], honest["answer"]) == ("ok", "at your service")
