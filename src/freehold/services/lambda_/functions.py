"""Functions and their versions.

One idea: a function is a name with numbered versions, of which number 0 is $LATEST; publishing copies it under the next
number, and a number is never given twice. Each version names its code by digest and carries its settings whole. It may
not know code, environments or requests.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

import base64
import hashlib
from copy import copy
from datetime import UTC, datetime
from typing import Any

import msgspec

from freehold.kernel.deliveries import promise
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import errors, names
from freehold.services.lambda_.names import LATEST, Ref

LAYERS_MAX = 5
NUMBER_MAX = 1 << 53
CREATING, UPDATING = "creating", "updating"
SETTLED = "lambda-settled"  # the bell of versions that have become ready
TERMINATE, ALLOW = "Terminate", "Allow"


class Function(Record, table="lambda_functions", key="name"):
    """`published` is the highest number given so far; `reserved` concurrent executions, None if it shares.

    `recursion` says what becomes of loops; `signing` is the ARN of its code signing configuration, empty for none.
    """

    name: str
    tags: dict[str, str] = {}
    published: int = 0
    reserved: int | None = None
    recursion: str = TERMINATE
    signing: str = ""


class Layer(msgspec.Struct, omit_defaults=True):
    """A layer version as a function uses it, also after the layer is deleted. `code` is the digest of its zip, "" for
    a public layer that has a stand-in."""

    arn: str
    code: str
    size: int


class Version(Record, table="lambda_versions", key="function number"):
    """One version. `build` changes with code and settings, `revision` with anything; `settings` as AWS shows them.

    `settling` is CREATING or UPDATING until it is ready. `image` is the URI of a container image, `packed` what is kept
    of it, its digest the code then; `runtime_update` says how its runtime is kept current.
    """

    function: str
    number: int
    code: str
    size: int
    build: str
    revision: str
    modified_at: float
    settings: dict[str, Any]
    layers: list[Layer] = []
    settling: str = ""
    image: str = ""
    packed: dict[str, Any] = {}
    runtime_update: dict[str, str] = {}

    @property
    def label(self) -> str:
        return str(self.number) if self.number else LATEST

    @property
    def code_sha256(self) -> str:
        return base64_of(self.code)


def base64_of(digest: str) -> str:
    """A hex digest as AWS shows it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def moment(at: float) -> str:
    """Epoch seconds as Lambda writes them: 2024-05-01T12:00:00.000+0000."""
    when = datetime.fromtimestamp(at, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}+0000"


def day(at: float) -> str:
    """The day of a moment: 2024-05-01."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def here(tx: Tx, ref: Ref) -> Tx:
    """The transaction seen from the function's account. Another region's functions are not reachable."""
    if ref.region and ref.region != tx.region:
        raise errors.NotReachable(other=ref.region, region=tx.region)
    return tx.within(ref.account) if ref.account and ref.account != tx.account else tx


def arn(tx: Tx, name: str, qualifier: str = "") -> str:
    return names.function_arn(tx.region, tx.account, name, qualifier)


def find(tx: Tx, name: str) -> Function:
    """The function; FunctionNotFound if there is none."""
    function = tx.get(Function, name)
    if function is None:
        raise errors.FunctionNotFound(arn=arn(tx, name))
    return function


def latest(tx: Tx, name: str) -> Version:
    return version(tx, name, LATEST)


def version(tx: Tx, name: str, label: str = LATEST) -> Version:
    """A version by its number or $LATEST; FunctionNotFound with the ARN that was asked for if there is none."""
    number = 0 if label == LATEST else int(label) if label.isdigit() else -1
    found = tx.get(Version, name, number) if number <= NUMBER_MAX else None
    if found is None:
        raise errors.FunctionNotFound(arn=arn(tx, name, "" if label == LATEST else label))
    return found


def draft(tx: Tx, name: str, code: str, size: int, settings: dict[str, Any], layers: list[Layer]) -> Version:
    """A function's first $LATEST, which is not kept yet."""
    return Version(
        function=name, number=0, code=code, size=size, build=tx.ids.hex(16), revision=tx.ids.uuid(),
        modified_at=tx.now, settings=settings, layers=layers, settling=CREATING,
    )  # fmt: skip


def create(tx: Tx, function: Function, first: Version) -> Version:
    if tx.get(Function, function.name):
        raise errors.FunctionExists(name=function.name)
    tx.put(function)
    return _settling(tx, first)


def _settling(tx: Tx, one: Version) -> Version:
    """Keep a version that is not ready yet, and promise that it will be."""
    tx.put(one)
    promise(tx, "lambda", "settle", {"function": one.function, "number": one.number, "build": one.build})
    return one


def settle(tx: Tx, function: str, number: int, build: str) -> None:
    """A version is ready, unless it has been changed since."""
    one = tx.get(Version, function, number)
    if one and one.build == build and one.settling:
        one.settling = ""
        tx.put(one)
        tx.ring(SETTLED)


def check_settled(tx: Tx, one: Version) -> None:
    """Raise ResourceConflictException while the version is being made or changed."""
    if one.settling == CREATING:
        raise errors.StillPending()
    if one.settling:
        raise errors.UpdateInProgress(arn=arn(tx, one.function))


def check_revision(given: str | None, current: str) -> None:
    if given and given != current:
        raise errors.PreconditionFailedException(operation="GetFunction/GetAlias")


def touch(tx: Tx, changed: Version) -> Version:
    """Keep a change of code or settings: a new build, so that no environment of the old one serves it."""
    changed.build, changed.revision, changed.modified_at = tx.ids.hex(16), tx.ids.uuid(), tx.now
    changed.settling = UPDATING
    return _settling(tx, changed)


def revise(tx: Tx, name: str) -> None:
    """Something beside code and settings has changed: $LATEST is another revision."""
    current = latest(tx, name)
    current.revision = tx.ids.uuid()
    tx.put(current)


def publish(
    tx: Tx, name: str, description: str | None = None, code_sha256: str | None = None, revision: str | None = None,
    settling: bool = False,
) -> Version:  # fmt: skip
    """$LATEST under the next number, or the last published version if nothing has changed since.

    `settling`: the new version is Pending for a moment, as one that is made together with what it holds.
    """
    function, current = find(tx, name), latest(tx, name)
    check_revision(revision, current.revision)
    if code_sha256 and code_sha256 != current.code_sha256:
        raise errors.CodeDiffers(given=code_sha256, current=current.code_sha256)
    newest = tx.range(Version, name, low=1, reverse=True, limit=1)
    if newest and _fingerprint(newest[0]) == _fingerprint(current):
        return newest[0]
    function.published += 1
    made = copy(current)
    made.number, made.build, made.revision = function.published, tx.ids.hex(16), tx.ids.uuid()
    made.settling = CREATING if settling else ""
    if description is not None:
        made.settings = current.settings | {"Description": description}
    tx.put(function)
    if settling:
        _settling(tx, made)
    else:
        tx.put(made)
    current.revision = tx.ids.uuid()
    tx.put(current)
    return made


def _fingerprint(one: Version) -> bytes:
    """What makes a version another one: code and settings, not the words about it."""
    settings = {name: value for name, value in one.settings.items() if name != "Description"}
    told = msgspec.json.encode([one.code, settings, one.layers], order="sorted")
    return hashlib.sha256(told).digest()


def versions(tx: Tx, name: str) -> list[Version]:
    """All versions, $LATEST first."""
    return tx.range(Version, name)


def remove(tx: Tx, name: str) -> list[Version]:
    """Delete a function whole; the versions that were."""
    find(tx, name)
    gone = versions(tx, name)
    for one in gone:
        tx.delete(Version, name, one.number)
    tx.delete(Function, name)
    return gone


def reserved_sum(tx: Tx) -> int:
    """Concurrent executions set aside for functions of this account and region."""
    return sum(function.reserved or 0 for function in tx.range(Function))
