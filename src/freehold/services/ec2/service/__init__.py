"""What EC2 answers, by noun. It may not know the wire."""

from freehold.services.ec2.service import groups, subnets, tags, vpcs
from freehold.services.ec2.service.catalogue import ec2

__all__ = ["ec2", "groups", "subnets", "tags", "vpcs"]
