"""How often AWS lets an account ask Parameter Store, where it has not paid for more; held where the setting `limits` is
on.

It may not know what the operations do.

https://docs.aws.amazon.com/general/latest/gr/ssm.html#parameter-store
"""

from freehold.kernel.limits import Rate

RATES = {
    "GetParameter": Rate(40, 40),
    "GetParameters": Rate(40, 40),
    "GetParametersByPath": Rate(40, 40),
    "PutParameter": Rate(3, 3),
}
