"""Names: what the AWS SDK calls a service. It may not know which services are here.

https://github.com/aws/aws-sdk-java-v2
"""

# What the AWS SDK calls a service, where that is not the name of its model.
MODELS = {
    "applicationautoscaling": "application-autoscaling",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "sagemakerruntime": "sagemaker-runtime",
    "sfn": "stepfunctions",
}


def model_of(service: str) -> str:
    """The name of the model of a service, by the name that the AWS SDK has for it."""
    return MODELS.get(service, service)
