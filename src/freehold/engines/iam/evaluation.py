"""The verdict: what several policies say together.

One idea: after explicit denies and the organization's limits, a request must pass three gates, the caller's identity
policies, boundary and session policy; and how the resource's policy names the caller decides which of them still stand.
That is a table. It may not know where policies come from.
Follows "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from freehold.engines.iam.policy import Policy
from freehold.engines.iam.principals import Naming
from freehold.engines.iam.request import Request

# How the guide's denial texts speak of each kind of policy: with an article, and after "no".
SOURCES = {
    "scp": ("a service control policy", "service control policy"),
    "rcp": ("a resource control policy", "resource control policy"),
    "resource": ("a resource-based policy", "resource-based policy"),
    "key": ("a resource-based policy", "resource-based policy"),
    "trust": ("the role trust policy", "role trust policy"),
    "identity": ("an identity-based policy", "identity-based policy"),
    "boundary": ("a permissions boundary", "permissions boundary"),
    "session": ("a session policy", "session policy"),
}

# The gates that still stand for a caller of the same account when a policy on the resource allows it so named.
GATES_BY_NAMING: dict[Naming, tuple[str, ...]] = {
    Naming.SESSION: (),
    Naming.USER: (),
    Naming.OUTSIDER: (),
    Naming.ISSUER: ("boundary", "session"),
    Naming.ROLE: ("boundary", "session"),
    Naming.ANYONE: ("boundary", "session"),
    Naming.ACCOUNT: ("identity", "boundary", "session"),
}
ALL_GATES = ("identity", "boundary", "session")

# Kinds of policies on resources that must allow by themselves, whatever the caller's own say.
DECIDING = frozenset({"key", "trust"})

# Callers that have no identity policies of their own: a resource's policy must allow them.
OUTSIDERS = frozenset({"service", "federated", "anonymous"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and if not, why.

    `reason` is empty when allowed; else `no identity-based policy allows the s3:GetObject action`
    or `with an explicit deny in an identity-based policy`.
    """

    allowed: bool
    reason: str = ""
    explicit: bool = False

    @property
    def ending(self) -> str:
        """The reason as AWS's sentence ends with it: `because no …`, `with an explicit deny …`."""
        return self.reason if self.explicit else f"because {self.reason}"


ALLOWED = Verdict(True)

# By source, levels of which each must allow; a level is policies of which one must.
Layers = dict[str, Sequence[Sequence[Policy]]]


def denial(request: Request, verdict: Verdict) -> str:
    """The sentence AWS answers with."""
    return (
        f"User: {request.principal.arn or 'anonymous'} is not authorized to perform: {request.action} "
        f"on resource: {request.resource} {verdict.ending}"
    )


def evaluate(
    request: Request,
    *,
    identity: Sequence[Policy] = (),
    boundary: Policy | None = None,
    session: Sequence[Policy] | None = None,
    resource: Policy | None = None,
    scps: Sequence[Sequence[Policy]] = (),
    rcps: Sequence[Sequence[Policy]] = (),
    same_account: bool = True,
    resource_decides: bool = False,
) -> Verdict:
    """Weigh a request against every policy that bears on it.

    identity          policies of the user and its groups, or of the role; root has none
    boundary          the permissions boundary, if one is set
    session           policies given when the session was made; None when none were
    resource          the policy on the resource (or a role's trust policy, for sts:AssumeRole…)
    scps, rcps        by level (root, each unit, account), each level's policies; none where they do not apply, as to
                      the management account and service-linked roles. Neither binds service principals.
    same_account      whether caller and resource belong to one account
    resource_decides  the resource's policy must allow by itself, always so for KMS keys and trust policies
    """
    kind = request.principal.kind
    if session is None and kind == "federated-user":
        session = ()  # without a policy of its own, GetFederationToken's session may do nothing
    layers: Layers = {
        "rcp": rcps if kind != "service" else (),
        "scp": scps if kind != "service" else (),
        resource.kind if resource else "resource": [[resource]] if resource else (),
        "identity": [identity] if kind != "root" else (),
        "boundary": [[boundary]] if boundary else (),
        "session": [session] if session is not None else (),
    }
    for source, levels in layers.items():
        for level in levels:
            for policy in level:
                if policy.denies and policy.forbids(request):
                    return Verdict(False, f"with an explicit deny in {SOURCES[source][0]}", explicit=True)
    for source in ("rcp", "scp"):
        if not _passes(layers[source], request):
            return _unallowed(source, request)
    decides = resource_decides or not same_account or kind in OUTSIDERS
    return _through_gates(request, layers, resource, same_account, decides)


def _through_gates(
    request: Request, layers: Layers, resource: Policy | None, same_account: bool, decides: bool
) -> Verdict:
    """Take the ways that are open, each with the gates that stand in it; one without a closed gate is enough."""
    source = resource.kind if resource else "resource"
    namings = resource.namings(request) if resource else set()
    decides = decides or source in DECIDING
    if decides and not namings:
        return _unallowed(source, request)
    if request.principal.kind in OUTSIDERS:
        return ALLOWED
    ways = {GATES_BY_NAMING[naming] for naming in namings} if same_account else {ALL_GATES}
    if not decides:
        ways.add(ALL_GATES)
    closed = ""
    for way in sorted(ways, key=len):
        closed = next((gate for gate in way if not _passes(layers[gate], request)), "")
        if not closed:
            return ALLOWED
    return _unallowed(closed, request)


def _passes(levels: Sequence[Sequence[Policy]], request: Request) -> bool:
    return all(any(policy.permits(request) for policy in level) for level in levels)


def _unallowed(source: str, request: Request) -> Verdict:
    return Verdict(False, f"no {SOURCES[source][1]} allows the {request.action} action")
