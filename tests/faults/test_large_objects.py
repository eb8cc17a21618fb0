"""Two gigabytes pass through, and the process grows by no more than a few frames."""

import hashlib
import http.client
import json
import shutil

import pytest
from tests.running import Freehold

MB = 1024**2
SIZE, STEP = 2_048 * MB, MB
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

    def _status(self, name):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))

    def ask(self, method, path, body=None, length=0, **headers):
        """The answer's headers, and its body's size and MD5; what it took at most, in bytes of memory, is bounded."""
        with open(f"/proc/{self.pid}/clear_refs", "w") as peak:
            peak.write("5")
        before = self._status("VmRSS")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, body=body, headers=HEADERS | {"content-length": str(length)} | headers)
        answer, read, size = connection.getresponse(), hashlib.md5(), 0
        while chunk := answer.read(STEP):
            read.update(chunk)
            size += len(chunk)
        assert answer.status in (200, 204), chunk
        connection.close()
        assert self._status("VmHWM") - before < GROWTH_MAX
        return answer, size, read.hexdigest()


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
    watched.ask("PUT", "/large-objects")
    watched.ask("PUT", "/large-objects/whole", pieces(SIZE), SIZE)
    assert watched.ask("GET", "/large-objects/whole")[1:] == (SIZE, md5.hexdigest())
    watched.ask("PUT", "/large-objects/copy", **{"x-amz-copy-source": "/large-objects/whole"})
    watched.ask("PUT", "/large-objects/kms", pieces(64 * MB), 64 * MB, **{"x-amz-server-side-encryption": "aws:kms"})
    assert watched.ask("GET", "/large-objects/kms")[1] == 64 * MB
    watched.ask("DELETE", "/large-objects/whole")
    assert watched.ask("GET", "/large-objects/copy")[1:] == (SIZE, md5.hexdigest())
