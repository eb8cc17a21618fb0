"""The one function of the room: a SAM document becomes a CloudFormation document.

It may not know where policies or templates are stored: what the library would fetch is passed in or refused.
"""

import copy
import json
from dataclasses import dataclass
from typing import Any, NoReturn

from freehold.engines.cfn.errors import TransformFailed

NAME = "AWS::Serverless-2016-10-31"
APPLICATION = "AWS::Serverless::Application"


@dataclass(frozen=True, slots=True)
class Session:
    """All of a boto session that the library looks at."""

    region_name: str


def transform(
    template: dict[str, Any],
    parameters: dict[str, Any],
    managed_policies: dict[str, str],
    region: str,
    account: str,
) -> dict[str, Any]:
    """The CloudFormation document that a SAM document stands for; its `Transform` is gone.

    `parameters` are resolved values (defaults may be missing); `managed_policies` maps a policy's name to its ARN. No
    argument is changed. Raises TransformFailed (a ValidationError) in CloudFormation's words.
    """
    from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.utils.py27hash_fix import to_py27_compatible_template, undo_mark_unicode_str_in_template

    _refuse_repository(template)
    document = copy.deepcopy(template)
    values = {"AWS::AccountId": account, "AWS::Region": region} | copy.deepcopy(parameters)
    metrics = Metrics("ServerlessTransform", DummyMetricsPublisher())
    try:
        to_py27_compatible_template(document, values)  # so that generated logical ids are those AWS generates
        translator = Translator(managed_policies, Parser(), boto_session=Session(region), metrics=metrics)
        made = translator.translate(document, values, passthrough_metadata=True)
    except InvalidDocumentException as refused:
        _fail(" ".join([refused.message, *(cause.message for cause in refused.causes)]))
    finally:
        metrics.publish()  # to nobody; the library complains about metrics that were kept
    return json.loads(json.dumps(undo_mark_unicode_str_in_template(made)))


def _refuse_repository(template: dict[str, Any]) -> None:
    """The Serverless Application Repository is a network service of AWS's; an application must say where it lies."""
    for id_, resource in (template.get("Resources") or {}).items():
        if not isinstance(resource, dict) or resource.get("Type") != APPLICATION:
            continue
        location = (resource.get("Properties") or {}).get("Location")
        if isinstance(location, dict) and "ApplicationId" in location:
            _fail(
                "Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id "
                f"[{id_}] is invalid. Serverless Application Repository is not available in this region."
            )


def _fail(reason: str) -> NoReturn:
    raise TransformFailed(transform=NAME, reason=reason) from None
