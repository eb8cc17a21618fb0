"""The `aws s3` command line with trees of files, and `aws s3api` with what its plain commands do not reach."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.running import Freehold

GB = 1024**3
MEMORY_MAX = 300 * 1024**2


@pytest.fixture
def s3(freehold):
    """What a command of `aws s3` prints."""

    def run(*words: str, code: int = 0) -> str:
        done = freehold.run("aws", "s3", *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def bucket(s3, name):
    assert s3("mb", f"s3://{name}") == f"make_bucket: {name}\n"
    return name


@pytest.fixture
def tree(tmp_path):
    """Files in folders, one of them with a name that must be escaped."""
    files = {"a.txt": "a", "b.log": "bb", "deep/er/c.txt": "ccc", "deep/ü & +%41.txt": "dddd", "empty": ""}
    for name, text in files.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (0, 1_700_000_000))  # S3 tells whole seconds: what is as new seems newer
    return tmp_path / "tree"


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_tree_is_synchronized_both_ways(s3, bucket, tree, tmp_path):
    s3("sync", str(tree), f"s3://{bucket}/t")
    assert s3("sync", str(tree), f"s3://{bucket}/t") == ""
    back = tmp_path / "back"
    s3("sync", f"s3://{bucket}/t", str(back))
    assert content(back) == content(tree)
    assert s3("sync", f"s3://{bucket}/t", str(back)) == ""
    (tree / "a.txt").write_text("changed")
    (tree / "b.log").unlink()
    told = s3("sync", str(tree), f"s3://{bucket}/t", "--delete", "--exclude", "empty", "--no-progress")
    assert sorted(line.split(":")[0] for line in told.splitlines()) == ["delete", "upload"]
    s3("sync", f"s3://{bucket}/t", f"s3://{bucket}/u", "--exclude", "*", "--include", "*.txt")
    s3("sync", f"s3://{bucket}/u", str(back), "--delete")
    assert content(back) == {name: text for name, text in content(tree).items() if name.endswith(".txt")}
    listed = s3("ls", "--recursive", "--summarize", f"s3://{bucket}/u")
    assert "deep/ü & +%41.txt" in listed and re.search(r"Total Objects: 3\s+Total Size: 14", listed)
    assert s3("ls", f"s3://{bucket}/").split() == ["PRE", "t/", "PRE", "u/"]


@pytest.mark.slow
def test_copies_moves_and_removals(s3, freehold, bucket, tree):
    words = ("--metadata", "color=green", "--content-type", "text/x-own", "--cache-control", "max-age=7")
    s3("cp", str(tree / "a.txt"), f"s3://{bucket}/a", *words, "--storage-class", "STANDARD_IA", "--sse", "AES256")
    s3("cp", f"s3://{bucket}/a", f"s3://{bucket}/b", "--metadata-directive", "COPY")
    told = freehold.aws("s3api", "head-object", "--bucket", bucket, "--key", "b")
    assert (told["Metadata"], told["ContentType"], told["CacheControl"]) == (
        {"color": "green"},
        "text/x-own",
        "max-age=7",
    )
    assert s3("cp", f"s3://{bucket}/b", "-") == "a"
    s3("mv", f"s3://{bucket}/a", f"s3://{bucket}/moved/a")
    s3("cp", str(tree), f"s3://{bucket}/copied/", "--recursive", "--exclude", "deep/*")
    keys = [line.split()[-1] for line in s3("ls", "--recursive", f"s3://{bucket}").splitlines()]
    assert keys == ["b", "copied/a.txt", "copied/b.log", "copied/empty", "moved/a"]
    s3("rm", f"s3://{bucket}/copied", "--recursive")
    assert "(404)" in s3("cp", f"s3://{bucket}/copied/a.txt", "-", code=1)
    assert "BucketNotEmpty" in s3("rb", f"s3://{bucket}", code=1)
    s3("rb", f"s3://{bucket}", "--force")
    assert bucket not in s3("ls")


def test_a_link_and_a_website(s3, freehold, bucket, tree):
    s3("cp", str(tree / "a.txt"), f"s3://{bucket}/a b.txt")
    link = s3("presign", f"s3://{bucket}/a b.txt", "--expires-in", "60").strip()
    with urlopen(link, timeout=60) as answer:
        assert answer.read() == b"a"
    s3("website", f"s3://{bucket}", "--index-document", "index.html", "--error-document", "no.html")
    told = freehold.aws("s3api", "get-bucket-website", "--bucket", bucket)
    assert told == {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "no.html"}}


@pytest.mark.slow
def test_a_file_that_is_sent_and_fetched_by_parts(s3, freehold, bucket, tmp_path):
    (tmp_path / "up").write_bytes(os.urandom(1024) * 20 * 1024)
    s3("cp", str(tmp_path / "up"), f"s3://{bucket}/k", "--no-progress")
    told = freehold.aws("s3api", "head-object", "--bucket", bucket, "--key", "k", "--checksum-mode", "ENABLED")
    assert told["ETag"].endswith('-3"') and told["ContentLength"] == 20 * 1024**2
    s3("cp", f"s3://{bucket}/k", f"s3://{bucket}/copy")
    s3("cp", f"s3://{bucket}/copy", str(tmp_path / "down"))
    assert (tmp_path / "down").read_bytes() == (tmp_path / "up").read_bytes()


def test_a_multipart_upload_by_hand(freehold, bucket, tmp_path):
    about = ("--bucket", bucket, "--key", "k")
    (tmp_path / "1").write_bytes(bytes(5 * 1024**2))
    (tmp_path / "2").write_bytes(b"the end")
    made = freehold.aws("s3api", "create-multipart-upload", *about, "--checksum-algorithm", "SHA256")
    upload = (*about, "--upload-id", made["UploadId"])
    for number in "12":
        part = ("--part-number", number, "--body", str(tmp_path / number), "--checksum-algorithm", "SHA256")
        freehold.aws("s3api", "upload-part", *upload, *part)
    parts = freehold.aws(
        "s3api",
        "list-parts",
        *upload,
        "--query",
        "{Parts: Parts[].{PartNumber: PartNumber, ETag: ETag, ChecksumSHA256: ChecksumSHA256}}",
        "--page-size",
        "1",
    )
    assert len(parts["Parts"]) == 2
    listed = freehold.aws("s3api", "list-multipart-uploads", "--bucket", bucket)["Uploads"]
    assert [one["UploadId"] for one in listed] == [made["UploadId"]]
    done = freehold.aws("s3api", "complete-multipart-upload", *upload, "--multipart-upload", json.dumps(parts))
    assert done["ChecksumSHA256"].endswith("-2")
    told = freehold.aws("s3api", "get-object", *about, "--range", "bytes=-3", str(tmp_path / "tail"))
    assert (told["ContentRange"], (tmp_path / "tail").read_bytes()) == ("bytes 5242884-5242886/5242887", b"end")
    attributes = freehold.aws(
        "s3api", "get-object-attributes", *about, "--object-attributes", "ObjectParts", "ObjectSize"
    )
    assert (attributes["ObjectSize"], attributes["ObjectParts"]["TotalPartsCount"]) == (5242887, 2)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_five_gigabytes_pass_in_little_memory(tmp_path):
    """A sparse file goes up and comes back; the most memory that the server ever held says that it kept none of it."""
    freehold = Freehold(tmp_path / "data")
    freehold.up()
    try:
        with open(tmp_path / "up", "wb") as file:
            file.truncate(5 * GB)
            for place in range(0, 5 * GB, GB):
                file.seek(place + 12345)
                file.write(os.urandom(4096))
        freehold.aws("s3api", "create-bucket", "--bucket", "big")
        for source, target in ((tmp_path / "up", "s3://big/k"), ("s3://big/k", tmp_path / "down")):
            words = ("aws", "s3", "cp", str(source), str(target), "--no-progress")
            done = freehold.run(*words, timeout_s=1400)
            assert done.returncode == 0, done.stderr
        assert (tmp_path / "down").stat().st_size == 5 * GB
        assert same(tmp_path / "up", tmp_path / "down")
        assert most_memory(freehold) < MEMORY_MAX
    finally:
        freehold.down()
        shutil.rmtree(tmp_path)  # pytest would keep those of three runs


def same(one: Path, other: Path) -> bool:
    return subprocess.run(["cmp", one, other], timeout=600, check=False).returncode == 0


def most_memory(freehold: Freehold) -> int:
    """Bytes: the high-water mark of the server's resident memory."""
    pid = json.loads((freehold.data / "running.json").read_text())["pid"]
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
