"""CloudFormation types of EventBridge. One idea: a property is a member of the same name. They may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html
"""

from freehold.services.events.resources import buses, destinations, rules

__all__ = ["buses", "destinations", "rules"]
