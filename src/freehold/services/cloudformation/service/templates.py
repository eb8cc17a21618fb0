"""GetTemplate, GetTemplateSummary and ValidateTemplate. It may not know how a template is deployed."""

from freehold.engines import cfn
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import changesets, errors, stacks, templates
from freehold.services.cloudformation.blueprints import Blueprint
from freehold.services.cloudformation.service.catalogue import changeset_arn, cloudformation, stack_arn

ORIGINAL, PROCESSED = "Original", "Processed"


@cloudformation.operation(
    needs=lambda call, request: [
        ("cloudformation:GetTemplate", changeset_arn(call, {"ChangeSetName": "*"} | request)),
    ]
)
def get_template(call: Call, tx: Tx, request: Request) -> Response:
    blueprint = _blueprint(tx, request)
    stages = [ORIGINAL, PROCESSED] if blueprint.prepared else [ORIGINAL]
    body = blueprint.text
    if request.get("TemplateStage") == PROCESSED and blueprint.prepared and cfn.parse(body).transforms:
        body = cfn.coerce.json_text(blueprint.document)
    return {"TemplateBody": body, "StagesAvailable": stages}


def _blueprint(tx: Tx, request: Request) -> Blueprint:
    """What a change set would deploy, or what a stack has deployed (or tries to)."""
    if "ChangeSetName" in request:
        id = changesets.open_changeset(tx, request).blueprint
    elif "StackName" in request:
        stack = stacks.open_stack(tx, request["StackName"])
        id = stack.blueprint or stack.wanted
    else:
        raise errors.StackUnknown(name="")
    found = tx.get(Blueprint, id)
    if found is None:
        raise errors.StackNotFound(name=request.get("StackName", ""))
    return found


@cloudformation.operation(needs={"cloudformation:GetTemplateSummary": stack_arn})
async def get_template_summary(call: Call, request: Request) -> Response:
    """What a template asks for: parameters, capabilities, transforms and resource types."""
    text = await templates.text_of(call, request)
    if text is None:
        if not request.get("StackName"):
            raise errors.TemplateAmbiguous()
        text = (await call.transact(_blueprint, {"StackName": request["StackName"]})).text
    template = cfn.parse(text)
    kinds = [one.type for one in template.resources.values()]
    optional = {
        "Version": template.document.get("AWSTemplateFormatVersion"),
        "Metadata": cfn.coerce.json_text(template.metadata) if template.metadata else None,
    }
    shown = {"Parameters": templates.declarations(template), "ResourceTypes": kinds}
    return templates.summary(template) | shown | {key: value for key, value in optional.items() if value}


@cloudformation.operation(needs={"cloudformation:ValidateTemplate": "*"})
async def validate_template(call: Call, request: Request) -> Response:
    """The parameters and capabilities of a template; raises where it is none."""
    text = await templates.text_of(call, request)
    if text is None:
        raise errors.TemplateAmbiguous()
    template = cfn.parse(text)
    return templates.summary(template) | {"Parameters": templates.parameters(template)}
