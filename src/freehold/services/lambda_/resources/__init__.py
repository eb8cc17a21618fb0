"""The CloudFormation types of Lambda, made by calling its own operations. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html
"""

from freehold.services.lambda_.resources import functions, versions

__all__ = ["functions", "versions"]
