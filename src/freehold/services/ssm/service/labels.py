"""Labels: names of versions, which may be moved from one to another. They may not know values.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html
"""

import re

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ssm import announcing, errors
from freehold.services.ssm.names import wanted
from freehold.services.ssm.parameters import open_parameter, open_version
from freehold.services.ssm.service.catalogue import parameter_arn, ssm

LABELS_MAX = 10
LABEL = re.compile(r"(?!aws|ssm|\d)[\w.\-]{1,100}", re.ASCII | re.IGNORECASE)


@ssm.operation(needs={"ssm:LabelParameterVersion": parameter_arn})
def label_parameter_version(call: Call, tx: Tx, request: Request) -> Response:
    """Labels that may not be any are told, and the others not set either."""
    parameter = open_parameter(tx, wanted(request["Name"]))
    version = open_version(tx, parameter, request.get("ParameterVersion", parameter.version))
    number = version.version
    invalid = [label for label in request["Labels"] if not LABEL.fullmatch(label)]
    if not invalid:
        parameter.labels = parameter.labels | dict.fromkeys(request["Labels"], number)
        if len(parameter.labels_of(number)) > LABELS_MAX:
            raise errors.ParameterVersionLabelLimitExceeded(most=LABELS_MAX)
        tx.put(parameter)
        announcing.changed(tx, version, announcing.LABELED)
    return {"InvalidLabels": invalid, "ParameterVersion": number}


@ssm.operation(needs={"ssm:UnlabelParameterVersion": parameter_arn})
def unlabel_parameter_version(call: Call, tx: Tx, request: Request) -> Response:
    parameter = open_parameter(tx, wanted(request["Name"]))
    number = open_version(tx, parameter, request["ParameterVersion"]).version
    removed = [label for label in request["Labels"] if parameter.labels.get(label) == number]
    parameter.labels = {label: at for label, at in parameter.labels.items() if label not in removed}
    tx.put(parameter)
    return {"RemovedLabels": removed, "InvalidLabels": [one for one in request["Labels"] if one not in removed]}
