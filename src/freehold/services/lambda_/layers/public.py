"""Public layers that functions name by ARN without owning them, and what stands in for each here.

One idea: one table, pattern of the ARN → the folder that is laid over /opt in its place, whatever version is named.
It may not know where functions and layers are kept.

https://awslabs.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html
https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-extension-versions.html
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from freehold.sandbox import stand_ins
from freehold.sandbox.runtimes.pythons import python_for
from freehold.services.lambda_.layers.errors import PublicLayerMissing

Stand = Callable[[re.Match[str], str], Path]


def _powertools(found: re.Match[str], runtime: str) -> Path:
    """By the interpreter that runs the function: some of its libraries are compiled for one version."""
    asked = runtime if runtime.startswith("python3.") else "python3."
    return stand_ins.powertools(found["major"], python_for(asked).version)


# Some are published under another account in each Region, so their names alone tell them.
TABLE: dict[str, Stand] = {
    r"(753240598075|041581134020|069767869989):layer:LambdaAdapterLayer(X86|Arm64)": lambda *_: stand_ins.ADAPTER,
    r"017000801446:layer:AWSLambdaPowertoolsPythonV(?P<major>[23])(-[\w-]+)?": _powertools,
    r"\d{12}:layer:AWS-Parameters-and-Secrets-Lambda-Extension(-Arm64)?": lambda *_: stand_ins.PARAMETERS,
    r"\d{12}:layer:LambdaInsightsExtension(-Arm64)?": lambda *_: stand_ins.EMPTY,
}
PATTERNS = {re.compile(rf"arn:aws[a-z-]*:lambda:[a-z0-9-]+:{pattern}:\d+"): stand for pattern, stand in TABLE.items()}


def known(arn: str) -> bool:
    """Whether an ARN is that of a public layer which has a stand-in."""
    return any(pattern.fullmatch(arn) for pattern in PATTERNS)


def folder(arn: str, runtime: str) -> Path:
    """What is laid over /opt for a known layer, in a function of that runtime. Raises PublicLayerMissing."""
    stand, found = next((stand, found) for pattern, stand in PATTERNS.items() if (found := pattern.fullmatch(arn)))
    place = stand(found, runtime)
    if not place.is_dir():
        raise PublicLayerMissing(arn=arn)
    return place


@cache
def size(place: Path) -> int:
    """What is told as its size, in bytes: there is no zip."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
