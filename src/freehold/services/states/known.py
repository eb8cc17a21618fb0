"""Known: which service integrations there are, by the Resource ARNs that ask for them.

One idea: the optimised integrations are a table of AWS's; those of the AWS SDK are read from the services' models. An
integration that AWS does not have is refused when a machine is made; one that only Freehold lacks fails when it is run.
It may not know what a call does.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from freehold.engines import sdk
from freehold.engines.asl.machine import Service
from freehold.engines.sdk import shapes

SDK = "aws-sdk:"
OPTIMISED_MODELS = {"states": "stepfunctions", "elasticmapreduce": "emr"}

RESPONSE, JOB, TOKEN = ("",), ("", "sync"), ("", "waitForTaskToken")
ALL = ("", "sync", "waitForTaskToken")
EMR = "createCluster terminateCluster addStep"
EMR_AT_ONCE = "cancelStep setClusterTerminationProtection modifyInstanceFleetByName modifyInstanceGroupByName"
EMR_SERVERLESS = "createApplication startApplication stopApplication deleteApplication startJobRun"
EKS = "createCluster deleteCluster createNodegroup deleteNodegroup createFargateProfile deleteFargateProfile"
SAGEMAKER = "createEndpointConfig createModel createEndpoint updateEndpoint createHyperParameterTuningJob"
SAGEMAKER_JOBS = "createLabelingJob createProcessingJob createTrainingJob createTransformJob"
# By service: its actions, in words, and the patterns in which each may be asked for.
OPTIMISED: dict[str, dict[str, tuple[str, ...]]] = {
    "apigateway": {"invoke": TOKEN},
    "athena": {"startQueryExecution": JOB, "stopQueryExecution getQueryExecution getQueryResults": RESPONSE},
    "batch": {"submitJob": JOB},
    "bedrock": {"invokeModel": TOKEN, "createModelCustomizationJob": JOB},
    "codebuild": {"startBuild startBuildBatch": JOB, "stopBuild stopBuildBatch": RESPONSE,
                  "retryBuildBatch batchDeleteBuilds batchGetReports batchGetBuilds batchGetBuildBatches": RESPONSE},
    "databrew": {"startJobRun": JOB},
    "dynamodb": {"getItem putItem updateItem deleteItem": RESPONSE},
    "ecs": {"runTask": ALL},
    "eks": {EKS: JOB, "runJob": JOB, "call": RESPONSE},
    "elasticmapreduce": {EMR: JOB, EMR_AT_ONCE: RESPONSE},
    "emr-containers": {"createVirtualCluster": RESPONSE, "deleteVirtualCluster startJobRun": JOB},
    "emr-serverless": {EMR_SERVERLESS: JOB, "cancelJobRun": JOB},
    "events": {"putEvents": TOKEN},
    "glue": {"startJobRun": JOB},
    "http": {"invoke": RESPONSE},
    "lambda": {"invoke": TOKEN},
    "mediaconvert": {"createJob": JOB},
    "sagemaker": {SAGEMAKER: RESPONSE, SAGEMAKER_JOBS: JOB, "createHyperParameterTuningJob": JOB},
    "sns": {"publish": TOKEN},
    "sqs": {"sendMessage": TOKEN},
    "states": {"startExecution": ("", "sync", "sync:2", "waitForTaskToken")},
}  # fmt: skip


def known(service: Service) -> bool:
    """Whether AWS has the integration that a task asks for; of SDK services without a model here, any."""
    kind, action = service.resource_type, service.action.partition(".")[0]
    if kind.startswith(SDK):
        model = shapes.found(model_of(kind))
        return service.pattern in TOKEN and (model is None or model.operation(action) is not None)
    patterns = [each for words, each in OPTIMISED.get(kind, {}).items() if action in words.split()]
    return any(service.pattern in each for each in patterns)


def model_of(kind: str) -> str:
    """The name of the model of the service that a resource type is."""
    return sdk.model_of(kind.removeprefix(SDK)) if kind.startswith(SDK) else OPTIMISED_MODELS.get(kind, kind)
