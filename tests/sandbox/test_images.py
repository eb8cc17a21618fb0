"""Container images: from a layout or a registry to a folder, and images made to do harm."""

import stat
import struct
import tarfile
from pathlib import Path

import pytest

from freehold.sandbox.images import ImageError, layout, prepare, registry, roots

from .images import Packed, index, laid_out, layer, served, tarred, zipped


def unpacked(tmp_path: Path, *layers: bytes, **limits: int) -> Path:
    """The root of an image of these layers."""
    source = layout(laid_out(Packed(*layers), tmp_path / "layout"))
    return prepare(source, "x86_64", tmp_path / "shelf", **limits).root


def contents(root: Path) -> dict[str, str]:
    """Files and links of a root, without those made for cells."""
    found = {
        str(path.relative_to(root)): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
    return {name: text for name, text in found.items() if name not in ("etc/hosts", "etc/resolv.conf")}


def test_settings_and_layers_one_over_the_other(tmp_path: Path) -> None:
    one = layer(("usr/bin/", None), ("usr/bin/run", b"1"), ("app", b"old"), ("bin", "usr/bin"))
    two = zipped(layer(("app", b"new"), ("bin/more", b"2")))
    packed = Packed(one, two, Entrypoint=["/bin/run"], Cmd=["app.handler"], WorkingDir="/srv", Env=["A=1=2", "B="])
    image = prepare(layout(laid_out(packed, tmp_path / "layout")), "x86_64", tmp_path / "shelf")
    assert (image.entrypoint, image.command, image.working_dir) == (("/bin/run",), ("app.handler",), "/srv")
    assert image.variables == {"A": "1=2", "B": ""}
    assert contents(image.root) == {"app": "new", "bin": "-> usr/bin", "usr/bin/run": "1", "usr/bin/more": "2"}
    assert image.root.name == packed.top["digest"].removeprefix("sha256:")


def test_a_layout_as_a_tar_and_its_tags(tmp_path: Path) -> None:
    folder = laid_out(Packed(layer(("a", b"1"))), tmp_path / "layout", tag="v1")
    source = layout(tarred(folder, tmp_path / "image.tar"), "v1")
    assert contents(prepare(source, "x86_64", tmp_path / "shelf").root) == {"a": "1"}
    with pytest.raises(ImageError, match="has no image v2"):
        prepare(layout(folder, "v2"), "x86_64", tmp_path / "shelf")
    with pytest.raises(ImageError, match="there is no OCI layout"):
        layout(tmp_path / "gone")


def test_a_registry_by_tag_and_by_digest(tmp_path: Path) -> None:
    packed = Packed(layer(("a", b"1")))
    with served(packed, "shop/app", "v1") as host:
        for reference in (f"{host}/shop/app:v1", f"http://{host}/v2/shop/app@{packed.top['digest']}"):
            assert contents(prepare(registry(reference), "x86_64", tmp_path / reference[-2:]).root) == {"a": "1"}
        with pytest.raises(ImageError, match="answers 404"):
            prepare(registry(f"{host}/shop/app:gone"), "x86_64", tmp_path / "shelf")


def test_one_image_for_many_machines(tmp_path: Path) -> None:
    images = {
        "arm64": Packed(layer(("arm", b"")), architecture="arm64"),
        "amd64": Packed(layer(("intel", b""))),
    }
    source = layout(laid_out(index(**images), tmp_path / "layout"))
    assert contents(prepare(source, "x86_64", tmp_path / "shelf").root) == {"intel": ""}
    assert contents(prepare(source, "arm64", tmp_path / "shelf").root) == {"arm": ""}
    only = layout(laid_out(images["arm64"], tmp_path / "other"))
    with pytest.raises(ImageError, match="for linux on arm64, not for linux on amd64"):
        prepare(only, "x86_64", tmp_path / "shelf2")


def test_whiteouts_hide_what_lies_below_and_nothing_else(tmp_path: Path) -> None:
    one = layer(("gone", b"1"), ("d/a", b"1"), ("d/b/c", b"1"), ("kept/x", b"1"), ("turned/old", b"1"))
    two = layer(
        ("d/new", b"2"), ("d/b/new", b"2"), (".wh.gone", b""), ("d/.wh..wh..opq", b""), (".wh.never", b""),
        (".wh.turned", b""), ("turned/new", b"2"), ("kept/.wh...", b""), ("nowhere/.wh.x", b""),
    )  # fmt: skip
    root = unpacked(tmp_path, one, two)
    assert contents(root) == {"d/new": "2", "d/b/new": "2", "kept/x": "1", "turned/new": "2"}
    assert not (root / "nowhere").exists()


def special(name: str, kind: bytes, **fields: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def test_devices_pipes_and_set_id_bits_are_left_out(tmp_path: Path) -> None:
    suid = special("suid", tarfile.REGTYPE, mode=0o6755, size=1)
    folder = special("locked", tarfile.DIRTYPE, mode=0)
    devices = [special("null", tarfile.CHRTYPE, devmajor=1, devminor=3), special("disk", tarfile.BLKTYPE)]
    root = unpacked(tmp_path, layer(suid, folder, *devices, special("pipe", tarfile.FIFOTYPE), ("locked/in", b"1")))
    assert stat.S_IMODE((root / "suid").stat().st_mode) == 0o755
    assert stat.S_IMODE((root / "locked").stat().st_mode) == 0o755
    assert set(contents(root)) == {"suid", "locked/in"}


@pytest.mark.parametrize("name", ["../evil", "/../../evil", "a/../../../evil", "up/evil", "abs/evil", "deep/evil"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    links = [("up", "../../../.."), ("abs", str(outside)), ("l2", "abs"), ("deep", "l2/../..//./l2")]
    root = unpacked(tmp_path, layer(*links, (name, b"x")))
    assert not list(outside.iterdir()) and not (tmp_path / "evil").exists()
    assert [path for path in root.rglob("evil") if path.read_text() == "x"]


def test_a_file_over_a_link_replaces_the_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("kept")
    root = unpacked(tmp_path, layer(("a", str(outside)), ("b", str(tmp_path))), layer(("a", b"x"), ("b/", None)))
    assert outside.read_text() == "kept"
    assert (root / "a").read_text() == "x" and not (root / "b").is_symlink()


@pytest.mark.parametrize("target", ["../../outside", "/etc/passwd", "link", "gone", "."])
def test_hard_links_lead_to_files_of_the_image_alone(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").write_text("secret")
    with pytest.raises(ImageError, match="which is no file of the image"):
        unpacked(tmp_path, layer(("link", "/etc/passwd"), special("hard", tarfile.LNKTYPE, linkname=target)))
    assert not list((tmp_path / "shelf").iterdir())


def test_a_hard_link_to_an_earlier_layer(tmp_path: Path) -> None:
    hard = special("d/hard", tarfile.LNKTYPE, linkname="a")
    assert contents(unpacked(tmp_path, layer(("a", b"1")), layer(hard))) == {"a": "1", "d/hard": "1"}


def test_what_cells_mount_on_is_there_and_is_itself(tmp_path: Path) -> None:
    root = unpacked(tmp_path, layer(("tmp", "/etc"), ("etc", "/"), ("proc", b""), ("var/task", "/nowhere")))
    for name in ("tmp", "proc", "dev", "var/task", "opt", "etc"):
        assert stat.S_ISDIR((root / name).lstat().st_mode), name
    assert stat.S_ISREG((root / "etc/resolv.conf").lstat().st_mode)


def test_bombs_are_stopped(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="larger than a container image may be"):
        unpacked(tmp_path, zipped(layer(("zeros", bytes(3 << 20)))), bytes_max=2 << 20)
    sparse = tarfile.TarInfo("holes")
    sparse.size, sparse.pax_headers = 0, {"GNU.sparse.major": "0", "GNU.sparse.minor": "1",
        "GNU.sparse.size": str(1 << 60), "GNU.sparse.map": f"{1 << 60},0", "GNU.sparse.name": "holes"}  # fmt: skip
    with pytest.raises(ImageError, match="larger than a container image may be"):
        unpacked(tmp_path, layer(sparse), bytes_max=2 << 20)
    long = tarfile.TarInfo("x" * (3 << 20))
    with pytest.raises(ImageError, match="too long a head"):
        unpacked(tmp_path, zipped(layer(long)))
    assert not list((tmp_path / "shelf").iterdir())


def test_too_deep_and_too_many_links(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="too deep"):
        unpacked(tmp_path, layer(("a/" * 600 + "x", b"")))
    with pytest.raises(ImageError, match="too many links"):
        unpacked(tmp_path, layer(("a", "b"), ("b", "a"), ("a/x", b"")))


def test_a_tar_that_leads_back_into_itself(tmp_path: Path) -> None:
    backwards = tarfile.TarInfo("a")
    whole = bytearray(layer(backwards))
    whole[124:136] = b"\xff" + struct.pack(">q", -1024).rjust(11, b"\xff")
    whole[148:156] = b"%06o\0 " % (sum(whole[:148]) + 8 * 32 + sum(whole[156:512]))
    with pytest.raises(ImageError):
        unpacked(tmp_path, bytes(whole))


@pytest.mark.parametrize("junk", [b"no tar at all" * 100, b"\x1f\x8bbroken", b"\x28\xb5\x2f\xfdzstd", b"\0" * 100])
def test_layers_that_are_none(tmp_path: Path, junk: bytes) -> None:
    with pytest.raises(ImageError):
        unpacked(tmp_path, junk)


def test_what_is_not_what_its_digest_says(tmp_path: Path) -> None:
    for which in ("layers", "config"):
        packed = Packed(layer(("a", b"1")))
        chosen = {"layers": list(packed.blobs)[1], "config": next(iter(packed.blobs))}[which]
        packed.blobs[chosen] = packed.blobs[chosen].replace(b"a", b"b", 1)
        with pytest.raises(ImageError, match="not sha256:"):
            prepare(layout(laid_out(packed, tmp_path / which)), "x86_64", tmp_path / "shelf")
    packed = Packed(layer(("a", b"1")))
    packed.top = {**packed.top, "digest": "sha256:../../../../etc/passwd"}
    with pytest.raises(ImageError, match="not of the form"):
        prepare(layout(laid_out(packed, tmp_path / "path")), "x86_64", tmp_path / "shelf")


@pytest.mark.parametrize(
    "uri",
    [
        "http://169.254.169.254/latest/meta-data:x", "example.com/a:b", "10.0.0.1:5000/a", "http://127.0.0.1.evil/a:b",
        "https://127.0.0.1:5000/a:b", "127.0.0.1:5000/../a:b", "127.0.0.1:5000/a:b/../c", "127.0.0.1:5000/a@sha256:1",
        "127.0.0.1:5000/", "http://127.0.0.1@example.com/a:b",
    ],
)  # fmt: skip
def test_other_machines_are_not_asked(uri: str) -> None:
    with pytest.raises(ImageError):
        registry(uri)


def test_finding_in_a_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/run").write_text("")
    (root / "bin").symlink_to("/usr/bin")
    (root / "usr/bin/link").symlink_to("../../../../bin/run")
    (root / "loop").symlink_to("loop")
    assert roots.find(root, "/bin/link") == root / "usr/bin/run"
    assert roots.find(root, "/bin/gone") is None and roots.find(root, "/usr") is None
    assert roots.find(root, "/../../usr/bin/run") == root / "usr/bin/run"
    with pytest.raises(roots.Astray):
        roots.find(root, "/loop")
