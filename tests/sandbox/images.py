"""What tests of container images are made of: layers, layouts and a small registry."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def layer(*entries: tarfile.TarInfo | tuple[str, bytes | str | None]) -> bytes:
    """A tar of entries: (name, content), (name/, None) for a folder, (name, "target") for a link, or TarInfos."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                archive.addfile(entry, io.BytesIO(bytes(entry.size)))
                continue
            name, content = entry
            info = tarfile.TarInfo(name.rstrip("/"))
            info.mode = 0o755
            if content is None:
                info.type = tarfile.DIRTYPE
            elif isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content if isinstance(content, bytes) else b""))
    return target.getvalue()


class Packed:
    """An image: its blobs by digest, and the descriptor of its manifest."""

    def __init__(self, *layers: bytes, architecture: str = "amd64", **config: Any) -> None:
        self.blobs: dict[str, bytes] = {}
        told = {"architecture": architecture, "os": "linux", "config": config}
        media = "application/vnd.oci.image.layer.v1.tar"
        manifest = {
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": self.add(json.dumps(told).encode(), "application/vnd.oci.image.config.v1+json"),
            "layers": [
                self.add(one, media + ("+gzip" if one.startswith(b"\x1f\x8b") else "")) for one in layers
            ],
        }  # fmt: skip
        self.top = self.add(json.dumps(manifest).encode(), MANIFEST)

    def add(self, content: bytes, media: str) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.blobs[digest] = content
        return {"mediaType": media, "digest": digest, "size": len(content)}


def index(**images: Packed) -> Packed:
    """One image for many machines: architecture → image."""
    whole = Packed()
    manifests = []
    for architecture, one in images.items():
        whole.blobs |= one.blobs
        manifests.append({**one.top, "platform": {"architecture": architecture, "os": "linux"}})
    whole.top = whole.add(json.dumps({"schemaVersion": 2, "manifests": manifests}).encode(), INDEX)
    return whole


def laid_out(packed: Packed, folder: Path, tag: str = "latest") -> Path:
    """The image as an OCI layout."""
    place = folder / "blobs" / "sha256"
    place.mkdir(parents=True, exist_ok=True)
    for digest, content in packed.blobs.items():
        (place / digest.removeprefix("sha256:")).write_bytes(content)
    named = {**packed.top, "annotations": {"org.opencontainers.image.ref.name": tag}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


def tarred(folder: Path, place: Path) -> Path:
    """A layout as one tar."""
    with tarfile.open(place, "w") as archive:
        for entry in sorted(folder.rglob("*")):
            archive.add(entry, str(entry.relative_to(folder)), recursive=False)
    return place


@contextmanager
def served(packed: Packed, name: str, tag: str) -> Iterator[str]:
    """A registry that has the image; gives host:port."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            *_, kind, reference = self.path.split("/")
            digest = packed.top["digest"] if (kind, reference) == ("manifests", tag) else reference
            content = packed.blobs.get(digest) if self.path.startswith(f"/v2/{name}/") else None
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.send_header("Docker-Content-Digest", digest)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def zipped(content: bytes) -> bytes:
    return gzip.compress(content, 1)


def with_python() -> bytes:
    """A layer with the Python that runs this: its program, its library, what both are linked with."""
    program = Path(os.path.realpath(sys.executable))
    library = Path(os.path.realpath(os.__file__)).parent
    binaries = [str(program), *map(str, library.glob("lib-dynload/*.so"))]
    listed = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    linked = {Path(word) for word in listed.split() if word.startswith("/") and not word.endswith(":")}
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", dereference=True) as archive:
        for path in sorted({program, *linked}):
            archive.add(path, str(path))
        archive.add(library, str(library), filter=_needed)
    return target.getvalue()


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """No packages, tests or compiled copies."""
    left_out = {"site-packages", "dist-packages", "test", "tests", "idlelib", "__pycache__", "ensurepip"}
    config = entry.name.rpartition("/")[2].startswith("config-3")
    return None if config or left_out & set(entry.name.split("/")) else entry
