"""EC2's networks: VPCs, subnets and security groups, for what is placed in them.

One idea: a network here is a promise about connections, not a wire. Its records say what may talk to what, as AWS's do,
and rooms that run things (functions first) ask for the rules and keep them.

Not done: everything of EC2 but these: instances, addresses, gateways, route tables, default VPCs, IPv6.
`parity.toml` has the list.
"""

from freehold.services.ec2 import resources
from freehold.services.ec2.service import ec2

__all__ = ["ec2", "resources"]
