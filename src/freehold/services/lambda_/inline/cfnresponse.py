"""The module that inline Python functions import to answer CloudFormation.

One idea: `send` puts a custom resource's outcome where the event says. It may not know Freehold: it lies in functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-lambda-function-code-cfnresponsemodule.html
"""

import json

import urllib3

SUCCESS = "SUCCESS"
FAILED = "FAILED"

http = urllib3.PoolManager()


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    """Tell the stack how the resource fared."""
    told = {
        "Status": responseStatus,
        "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    body = json.dumps(told)
    headers = {"content-type": "", "content-length": str(len(body.encode()))}
    try:
        answer = http.request("PUT", event["ResponseURL"], headers=headers, body=body)
        print("Status code:", answer.status)
    except Exception as error:  # the function's own log is the only place left to say it
        print("send(..) failed executing http.request(..):", error)
