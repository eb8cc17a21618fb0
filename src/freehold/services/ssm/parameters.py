"""Parameters and their versions: what is remembered of them, and how one is found.

One idea: a version is never changed; a parameter says which is the latest, and what labels point to. It may not know
requests.
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.ssm import errors, sealing
from freehold.services.ssm.names import Wanted, arn_of
from freehold.services.ssm.policies import Policy

STANDARD, ADVANCED, INTELLIGENT = "Standard", "Advanced", "Intelligent-Tiering"
SECURE = "SecureString"
VERSIONS_MAX = 100


class Version(Record, table="ssm_versions", key="name version"):
    """A parameter as it once was. `value` is sealed if `type` is SecureString, by KMS unless it is from before that was
    there; `modified_at` in epoch seconds."""

    name: str
    version: int
    type: str
    value: str
    modified_at: float
    modified_by: str
    description: str | None = None
    allowed_pattern: str = ""
    tier: str = STANDARD
    data_type: str = "text"
    key_id: str = ""
    by_kms: bool = False


class Parameter(Record, table="ssm_parameters", key="name"):
    """A parameter: its latest version, its tags and policies, and the version that each label points to."""

    name: str
    version: int = 0
    tags: dict[str, str] = {}
    labels: dict[str, int] = {}
    policies: list[Policy] = []

    def labels_of(self, version: int) -> list[str]:
        return sorted(label for label, at in self.labels.items() if at == version)


def find(tx: Tx, wanted: Wanted) -> Parameter | None:
    """The parameter that a request tells by name or ARN; none of another account or region."""
    if wanted.place and wanted.place != (tx.account, tx.region):
        return None
    return next((found for name in wanted.names if (found := tx.get(Parameter, name))), None)


def open_parameter(tx: Tx, wanted: Wanted) -> Parameter:
    """Raises ParameterNotFound."""
    found = find(tx, wanted)
    if found is None:
        raise errors.ParameterNotFound(name=wanted.name)
    return found


def latest(tx: Tx, parameter: Parameter) -> Version:
    found = tx.get(Version, parameter.name, parameter.version)
    assert found, "a parameter has its latest version"
    return found


def select(tx: Tx, wanted: Wanted) -> Version:
    """The version that is wanted. Raises ParameterNotFound, ParameterVersionNotFound."""
    parameter = open_parameter(tx, wanted)
    selector = wanted.selector
    if not selector:
        return latest(tx, parameter)
    if not selector.isdecimal():
        if selector not in parameter.labels:
            raise errors.LabelNotFound(label=selector, name=parameter.name)
        return open_version(tx, parameter, parameter.labels[selector])
    return open_version(tx, parameter, int(selector))


def open_version(tx: Tx, parameter: Parameter, number: int) -> Version:
    """Raises ParameterVersionNotFound."""
    found = tx.get(Version, parameter.name, number)
    if found is None:
        raise errors.VersionNotFound(version=number, name=parameter.name)
    return found


def value_of(call: Call, tx: Tx, version: Version, *, opened: bool) -> str:
    """A version's value; a secret one only if it is to be opened, else as it lies."""
    if version.type != SECURE or not opened:
        return version.value
    arn = arn_of(tx.region, tx.account, version.name)
    if not version.by_kms:
        return sealing.unseal_old(tx, version.value, f"{arn}:{version.version}")
    return sealing.unseal(call, tx, arn, version.value, long=version.tier == ADVANCED)


def add_version(call: Call, tx: Tx, parameter: Parameter, version: Version) -> None:
    """Make the version, whose value is in the clear, the parameter's latest. The oldest of more than 100 is forgotten.
    Raises ParameterMaxVersionLimitExceeded if a label points to that."""
    parameter.version += 1
    version.version = parameter.version
    if version.type == SECURE:
        arn, long = arn_of(tx.region, tx.account, version.name), version.tier == ADVANCED
        version.value = sealing.seal(call, tx, version.key_id, arn, version.value, long=long)
        version.by_kms = True
    oldest = parameter.version - VERSIONS_MAX
    if parameter.labels_of(oldest):
        raise errors.ParameterMaxVersionLimitExceeded(name=parameter.name, version=oldest)
    if oldest > 0:
        tx.delete(Version, parameter.name, oldest)
    tx.put(version)
    tx.put(parameter)


def delete(tx: Tx, parameter: Parameter) -> None:
    for version in tx.range(Version, parameter.name):
        tx.delete(Version, version.name, version.version)
    tx.delete(Parameter, parameter.name)
