"""rclone of Debian: trees checked by their digests, parts by its own hand, and times kept in metadata."""

import json
from collections.abc import Callable

import pytest
from tests.clients import installed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MB = 1024**2


@pytest.fixture(scope="module")
def rclone(freehold) -> Callable[..., str]:
    """What a command prints; `cloud:` is this cloud."""
    program = installed.program("rclone")
    remote = {
        "TYPE": "s3", "PROVIDER": "Other", "ENV_AUTH": "true", "ENDPOINT": freehold.url, "REGION": "us-east-1",
        "FORCE_PATH_STYLE": "true", "CHUNK_SIZE": "5Mi", "UPLOAD_CUTOFF": "5Mi",
    }  # fmt: skip
    environment = {f"RCLONE_CONFIG_CLOUD_{name}": value for name, value in remote.items()}
    environment["AWS_CA_BUNDLE"] = ""  # its own transport takes none

    def run(*words: str, code: int = 0) -> str:
        done = freehold.run(
            program, "--config", "/dev/null", "--retries", "1", "--low-level-retries", "1", *words, **environment
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return run


@pytest.fixture
def tree(tmp_path):
    made = tmp_path / "tree"
    files = {"a b+ü %41.txt": b"a", "empty": b"", "deep/er/big": bytes(range(256)) * 4 * 1024 * 12}
    for name, content in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    return made


def test_trees_are_synchronized_and_checked(rclone, name, tree, tmp_path):
    rclone("mkdir", f"cloud:{name}")
    rclone("sync", str(tree), f"cloud:{name}/t")
    rclone("check", str(tree), f"cloud:{name}/t", "--download")
    rclone("check", str(tree), f"cloud:{name}/t", "--one-way")
    listed = json.loads(rclone("lsjson", "--recursive", "--files-only", "--hash", f"cloud:{name}/t"))
    assert {one["Path"]: one["Size"] for one in listed} == {
        str(one.relative_to(tree)): one.stat().st_size for one in tree.rglob("*") if one.is_file()
    }
    (tree / "empty").unlink()
    rclone("sync", str(tree), f"cloud:{name}/t")
    assert "differences found" in rclone("check", str(tmp_path), f"cloud:{name}/t", code=1)
    rclone("copy", f"cloud:{name}/t", f"cloud:{name}/u")
    rclone("move", f"cloud:{name}/u/deep", str(tmp_path / "back"))
    assert (tmp_path / "back" / "er" / "big").read_bytes() == (tree / "deep" / "er" / "big").read_bytes()
    assert rclone("cat", f"cloud:{name}/u/a b+ü %41.txt") == "a"
    assert json.loads(rclone("size", "--json", f"cloud:{name}"))["count"] == 3
    rclone("purge", f"cloud:{name}")
    assert name not in rclone("lsd", "cloud:")


def test_times_are_kept_and_streams_taken(rclone, name, tree, freehold):
    rclone("mkdir", f"cloud:{name}")
    rclone("copyto", str(tree / "deep" / "er" / "big"), f"cloud:{name}/big", "--s3-storage-class", "STANDARD_IA")
    told = freehold.client("s3").head_object(Bucket=name, Key="big")
    assert told["ETag"].endswith('-3"') and told["StorageClass"] == "STANDARD_IA" and float(told["Metadata"]["mtime"])
    rclone("touch", f"cloud:{name}/big", "--timestamp", "2026-01-02T03:04:05")
    assert "2026-01-02 03:04:05" in rclone("lsl", f"cloud:{name}/big")
    assert rclone("cat", f"cloud:{name}/big", "--offset", "65", "--count", "3") == "ABC"
    link = rclone("link", f"cloud:{name}/big", "--expire", "60s")
    assert link.startswith(freehold.url)
