"""The CloudFormation types of DynamoDB. It may not know the store."""

from freehold.services.dynamodb.resources import tables

__all__ = ["tables"]
