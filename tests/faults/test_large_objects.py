"""Two gigabytes pass through, and the process grows by no more than a few frames."""

import hashlib
import http.client
import json
import re
import shutil

import pytest
from tests.running import Freehold

MB = 1024**2
SIZE, STEP, PART = 2_048 * MB, MB, 16 * MB
GROWTH_MAX = 48 * MB
PIECE = bytes(range(256)) * (STEP // 256)
KEY = "Credential=test/20300101/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=none"
HEADERS = {"authorization": f"AWS4-HMAC-SHA256 {KEY}", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Watched:
    """A Freehold whose memory is looked at."""

    def __init__(self, freehold):
        self.port = freehold.port
        self.pid = json.loads((freehold.data / "running.json").read_text())["pid"]
        self.idle = float("inf")
        self.ask("PUT", "/large-objects")
        self.idle = self._status("VmRSS")

    def _status(self, name):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))

    def ask(self, method, path, body=None, length=0, **headers):
        """The answer, its body's size and MD5, and how it begins. The memory that was ever used is bounded."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, body=body, headers=HEADERS | {"content-length": str(length)} | headers)
        answer, read, size, begins = connection.getresponse(), hashlib.md5(), 0, b""
        while chunk := answer.read(STEP):
            read.update(chunk)
            size += len(chunk)
            begins = begins or chunk[:1_000]
        assert answer.status in (200, 204, 206), begins
        connection.close()
        assert self._status("VmHWM") - self.idle < GROWTH_MAX
        return answer, size, read.hexdigest(), begins


@pytest.fixture
def watched(tmp_path):
    freehold = Freehold(tmp_path)
    freehold.up()
    yield Watched(freehold)
    freehold.down()
    shutil.rmtree(tmp_path)  # gigabytes


def pieces(size):
    return (PIECE for _ in range(size // STEP))


def test_memory_stays_flat(watched):
    md5 = hashlib.md5()
    for piece in pieces(SIZE):
        md5.update(piece)
    watched.ask("PUT", "/large-objects/whole", pieces(SIZE), SIZE)
    assert watched.ask("GET", "/large-objects/whole")[1:3] == (SIZE, md5.hexdigest())
    watched.ask("PUT", "/large-objects/copy", **{"x-amz-copy-source": "/large-objects/whole"})
    watched.ask("PUT", "/large-objects/kms", pieces(64 * MB), 64 * MB, **{"x-amz-server-side-encryption": "aws:kms"})
    assert watched.ask("GET", "/large-objects/kms")[1] == 64 * MB
    watched.ask("DELETE", "/large-objects/whole")
    assert watched.ask("GET", "/large-objects/copy")[1:3] == (SIZE, md5.hexdigest())


def test_memory_stays_flat_by_parts_and_ranges(watched):
    key, parts = "/large-objects/parts", range(1, SIZE // PART + 1)
    upload = re.search(b"<UploadId>(.*)</UploadId>", watched.ask("POST", f"{key}?uploads")[3])[1].decode()
    tags = [
        watched.ask("PUT", f"{key}?partNumber={number}&uploadId={upload}", pieces(PART), PART)[0].headers["etag"]
        for number in parts
    ]
    told = "".join(f"<Part><PartNumber>{each}</PartNumber><ETag>{tag}</ETag></Part>" for each, tag in zip(parts, tags))
    told = f"<CompleteMultipartUpload>{told}</CompleteMultipartUpload>".encode()
    watched.ask("POST", f"{key}?uploadId={upload}", told, len(told))
    one = hashlib.md5(PIECE * (PART // STEP)).hexdigest()
    assert watched.ask("GET", key)[1] == SIZE
    for start in range(0, SIZE, SIZE // 8):
        assert watched.ask("GET", key, range=f"bytes={start}-{start + PART - 1}")[1:3] == (PART, one)
    part = f"{key}-again?partNumber=1&uploadId="
    upload = re.search(b"<UploadId>(.*)</UploadId>", watched.ask("POST", f"{key}-again?uploads")[3])[1].decode()
    source = {"x-amz-copy-source": "/large-objects/parts", "x-amz-copy-source-range": f"bytes=7-{SIZE // 2}"}
    watched.ask("PUT", f"{part}{upload}", **source)
