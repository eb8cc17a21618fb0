"""CloudFormation as a pure machine: text → template → graph → (old, new) → plan.

One idea: everything the language can say is decided here from values; everything that takes time or touches the world
(fetching an include, reading a secret, making a resource) is asked of the caller as data. It may not know accounts,
stores, or any resource type.

The way of a deployment:

    template = cfn.parse(text)                                  # raises InvalidTemplate
    new = cfn.deployment(template, values, pseudo, stored=…)    # parameters resolved, conditions decided, rules kept
    …while template.transforms: cfn.transform or the sam engine, cfn.of_document, cfn.deployment again
    changes = cfn.plan(old, new, requires)                      # what a change set prints
    cfn.graph(template, env).ready(done)                        # what may be made now; .reverse() for deletion
    cfn.evaluate(resource.properties, env)                      # env.resources grown by what was made
    cfn.filled(properties, resolve)                             # secrets last, where they are used
"""

from freehold.engines import coerce
from freehold.engines.cfn import transform
from freehold.engines.cfn.conditions import check_rules, environment
from freehold.engines.cfn.dynamic import Dynamic, Secret, Stored, dynamic_references, filled
from freehold.engines.cfn.environment import NOTHING, PSEUDO_PARAMETERS, Environment, Known, NotYet
from freehold.engines.cfn.errors import InvalidTemplate, TransformFailed
from freehold.engines.cfn.evaluate import evaluate, evaluate_known
from freehold.engines.cfn.functions import FUNCTIONS
from freehold.engines.cfn.graph import Graph, exists, graph, graph_of
from freehold.engines.cfn.parameters import Parameter, given, resolved, stored_names
from freehold.engines.cfn.plan import Change, Deployment, Detail, deployment, plan
from freehold.engines.cfn.read import read
from freehold.engines.cfn.references import Reference, references
from freehold.engines.cfn.template import Output, Resource, Template, of_document, parse

__all__ = [
    "FUNCTIONS",
    "NOTHING",
    "PSEUDO_PARAMETERS",
    "Change",
    "Deployment",
    "Detail",
    "Dynamic",
    "Environment",
    "Graph",
    "InvalidTemplate",
    "Known",
    "NotYet",
    "Output",
    "Parameter",
    "Reference",
    "Resource",
    "Secret",
    "Stored",
    "Template",
    "TransformFailed",
    "check_rules",
    "coerce",
    "deployment",
    "dynamic_references",
    "environment",
    "evaluate",
    "evaluate_known",
    "exists",
    "filled",
    "given",
    "graph",
    "graph_of",
    "of_document",
    "parse",
    "plan",
    "read",
    "references",
    "resolved",
    "stored_names",
    "transform",
]
