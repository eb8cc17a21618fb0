"""The API of CloudFormation: one function an operation, by noun. It may not know how a deployment goes on."""

from freehold.services.cloudformation.service import changesets, exports, resources, stacks, templates
from freehold.services.cloudformation.service.catalogue import cloudformation

__all__ = ["changesets", "cloudformation", "exports", "resources", "stacks", "templates"]
