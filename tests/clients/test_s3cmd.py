"""s3cmd from PyPI, whose hand-made signatures, listings and XML are no SDK's."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients import installed

S3cmd = Callable[..., str]
CONFIGURATION = """[default]
access_key = test
secret_key = test
host_base = {host}
host_bucket = {host}
use_https = False
check_ssl_certificate = False
multipart_chunk_size_mb = 5
"""


@pytest.fixture(scope="module")
def s3cmd(freehold, tmp_path_factory) -> S3cmd:
    """What a command prints."""
    place = installed.packages("s3cmd", "s3cmd>=2.4")
    file = tmp_path_factory.mktemp("s3cmd") / "s3cfg"
    file.write_text(CONFIGURATION.format(host=freehold.url.removeprefix("http://")))

    def run(*words: str, code: int = 0) -> str:
        done = freehold.run(
            sys.executable,
            str(place / "bin" / "s3cmd"),
            "-c",
            str(file),
            "--no-progress",
            *words,
            PYTHONPATH=str(place),
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def bucket(s3cmd, name) -> str:
    assert s3cmd("mb", f"s3://{name}") == f"Bucket 's3://{name}/' created\n"
    return name


def test_files_go_up_and_come_back(s3cmd, freehold, bucket, tmp_path):
    (tmp_path / "a b+ü.txt").write_text("hello")
    (tmp_path / "big").write_bytes(bytes(range(256)) * 4 * 1024 * 11)
    meta = ("--add-header=x-amz-meta-color:green", "--mime-type=text/x-own", "--storage-class=STANDARD_IA")
    s3cmd("put", str(tmp_path / "a b+ü.txt"), f"s3://{bucket}/in/", *meta)
    s3cmd("put", str(tmp_path / "big"), f"s3://{bucket}/big")
    assert '-3"' in freehold.client("s3").head_object(Bucket=bucket, Key="big")["ETag"]
    about = s3cmd("info", f"s3://{bucket}/in/a b+ü.txt")
    for line in ("File size: 5", "MIME type: text/x-own", "x-amz-meta-color: green", "Storage:   STANDARD_IA"):
        assert line in about
    for name in ("in/a b+ü.txt", "big"):
        s3cmd("get", f"s3://{bucket}/{name}", str(tmp_path / "back"), "--force")
        assert (tmp_path / "back").read_bytes() == (tmp_path / Path(name).name).read_bytes()
    assert [line.split()[-1] for line in s3cmd("ls", f"s3://{bucket}").splitlines()] == [
        f"s3://{bucket}/in/", f"s3://{bucket}/big",
    ]  # fmt: skip
    assert s3cmd("du", f"s3://{bucket}").split()[:2] == [str(5 + 4 * 256 * 1024 * 11), "2"]
    s3cmd("del", f"s3://{bucket}/big")
    assert "404" in s3cmd("info", f"s3://{bucket}/big", code=12)
    assert "BucketNotEmpty" in s3cmd("rb", f"s3://{bucket}", code=13)
    s3cmd("del", "--recursive", "--force", f"s3://{bucket}")
    s3cmd("rb", f"s3://{bucket}")


def test_trees_and_access(s3cmd, bucket, tmp_path):
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    for name in ("a.txt", "b.log", "deep/c.txt"):
        (tree / name).write_text(name)
    s3cmd("sync", f"{tree}/", f"s3://{bucket}/t/", "--exclude=*.log")
    (tree / "a.txt").unlink()
    s3cmd("sync", f"{tree}/", f"s3://{bucket}/t/", "--delete-removed")
    s3cmd("sync", f"s3://{bucket}/t/", f"{tmp_path}/back/")
    back = {str(one.relative_to(tmp_path / "back")) for one in (tmp_path / "back").rglob("*") if one.is_file()}
    assert back == {"b.log", "deep/c.txt"}
    assert "AccessControlListNotSupported" in s3cmd("cp", f"s3://{bucket}/t/b.log", f"s3://{bucket}/copy", code=1)
    s3cmd("setownership", f"s3://{bucket}", "ObjectWriter")  # it copies the list of who may what, too
    s3cmd("cp", f"s3://{bucket}/t/b.log", f"s3://{bucket}/copy")
    s3cmd("mv", f"s3://{bucket}/copy", f"s3://{bucket}/moved")
    assert "already Public" not in s3cmd("setacl", f"s3://{bucket}/moved", "--acl-private")
    assert "FULL_CONTROL" in s3cmd("info", f"s3://{bucket}/moved")
    s3cmd("settagging", f"s3://{bucket}/moved", "a=1&b=2")
    assert s3cmd("gettagging", f"s3://{bucket}/moved").split()[1:] == ["a:", "1", "b:", "2"]
    link = s3cmd("signurl", f"s3://{bucket}/moved", "+60").strip()
    assert "Signature=" in link
