"""Functions in JavaScript find the AWS SDK v3 beside them, as in AWS, and act as their role."""

import io
import json
import os
import shutil
import zipfile

import pytest

from freehold import cache

HANDLER = """
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
const sts = new STSClient();
export const handler = async (event) => ({ who: (await sts.send(new GetCallerIdentityCommand())).Arn, event });
"""


@pytest.fixture(scope="module")
def sdk():
    if not shutil.which("npm"):
        if os.environ.get("CI"):
            pytest.fail("npm is not installed")
        pytest.skip("npm is not installed")
    sdk_3 = cache.THINGS[0]
    if not sdk_3.there():
        cache.fetch(sdk_3)


@pytest.mark.timeout(300)
def test_a_function_in_javascript_calls_the_cloud_as_its_role(sdk, aws):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.mjs", HANDLER)
    functions = aws("lambda")
    functions.create_function(
        FunctionName="who", Runtime="nodejs20.x", Handler="index.handler", Timeout=20, MemorySize=512,
        Role=aws.role("who-role", "lambda.amazonaws.com"), Code={"ZipFile": packed.getvalue()},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="who")
    answer = json.load(functions.invoke(FunctionName="who", Payload=b'{"n": 1}')["Payload"])
    assert answer == {"who": f"arn:aws:sts::{aws.account}:assumed-role/who-role/who", "event": {"n": 1}}
