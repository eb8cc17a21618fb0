"""The AWS SDK for JavaScript v3 from npm, with nothing but AWS_ENDPOINT_URL."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.running import Freehold

SCRIPTS = Path(__file__).parent / "node"
CACHE = Path(os.environ.get("FREEHOLD_TEST_CACHE", "~/.cache/freehold-tests")).expanduser() / "node"


@pytest.fixture(scope="module")
def installed():
    """The SDK's clients, installed once a machine."""
    if not shutil.which("npm"):
        if os.environ.get("CI"):
            pytest.fail("npm is not installed")
        pytest.skip("npm is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    for script in SCRIPTS.iterdir():
        shutil.copy(script, CACHE / script.name)
    wanted = json.loads((SCRIPTS / "package.json").read_text())["dependencies"]
    if not all((CACHE / "node_modules" / name).exists() for name in wanted):
        words = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(words, cwd=CACHE, capture_output=True, text=True, timeout=170, check=False)
        assert done.returncode == 0, done.stderr
    return CACHE


@pytest.mark.timeout(300)
def test_every_protocol_from_javascript(installed, tmp_path):
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        done = freehold.run("node", "check.mjs", cwd=installed)
        assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
    finally:
        freehold.down()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("script", ["objects", "tables", "toolbox", "queues", "topics", "events", "keys", "secrets"])
def test_a_service_from_javascript(installed, tmp_path, script):
    """Its paginators, its exceptions by class, its checksums and its bytes."""
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        done = freehold.run("node", f"{script}.mjs", cwd=installed)
        assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
    finally:
        freehold.down()


@pytest.mark.timeout(300)
def test_workflows_from_javascript(installed, tmp_path):
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = freehold.client("iam").create_role(RoleName="states", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        done = freehold.run("node", "workflows.mjs", role, cwd=installed)
        assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
    finally:
        freehold.down()


@pytest.mark.timeout(300)
def test_schedules_from_javascript(installed, tmp_path):
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        iam = freehold.client("iam")
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}
        allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
        trusting, allowing = (json.dumps({"Version": "2012-10-17", "Statement": [one]}) for one in (trust, allow))
        role = iam.create_role(RoleName="clock", AssumeRolePolicyDocument=trusting)["Role"]["Arn"]
        iam.put_role_policy(RoleName="clock", PolicyName="send", PolicyDocument=allowing)
        done = freehold.run("node", "schedules.mjs", role, cwd=installed)
        assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
    finally:
        freehold.down()


@pytest.mark.timeout(300)
def test_pipes_from_javascript(installed, tmp_path):
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        iam = freehold.client("iam")
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "pipes.amazonaws.com"}}
        allow = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
        trusting, allowing = (json.dumps({"Version": "2012-10-17", "Statement": [one]}) for one in (trust, allow))
        role = iam.create_role(RoleName="plumber", AssumeRolePolicyDocument=trusting)["Role"]["Arn"]
        iam.put_role_policy(RoleName="plumber", PolicyName="queues", PolicyDocument=allowing)
        done = freehold.run("node", "pipes.mjs", role, cwd=installed)
        assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
    finally:
        freehold.down()
