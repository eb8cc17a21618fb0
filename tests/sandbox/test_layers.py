"""Layers seen as one folder."""

from pathlib import Path

from freehold.sandbox.layers import merged, shelf_for


def laid(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return root


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_no_layer_and_one_layer_need_no_folder(tmp_path: Path) -> None:
    one = laid(tmp_path / "one", {"a": "1"})
    assert merged([], tmp_path / "shelf") is None
    assert merged([one], tmp_path / "shelf") == one
    assert not (tmp_path / "shelf").exists()


def test_a_later_layer_lies_over_an_earlier_one(tmp_path: Path) -> None:
    one = laid(tmp_path / "one", {"same": "1", "lib/a": "1", "turns/into/file": "1", "was": "file"})
    two = laid(tmp_path / "two", {"same": "2", "lib/b": "2", "turns": "2", "was/folder": "2"})
    (two / "link").symlink_to("same")
    folder = merged([one, two], tmp_path / "shelf")
    assert folder
    assert contents(folder) == {"same": "2", "lib/a": "1", "lib/b": "2", "turns": "2", "was/folder": "2", "link": "2"}
    assert contents(one)["same"] == "1"


def test_a_link_of_an_earlier_layer_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = laid(tmp_path / "outside", {"kept": "1"})
    one = laid(tmp_path / "one", {"a": "1"})
    (one / "lib").symlink_to(outside)
    two = laid(tmp_path / "two", {"lib/b": "2"})
    folder = merged([one, two], tmp_path / "shelf")
    assert folder and contents(folder) == {"a": "1", "lib/b": "2"}
    assert contents(outside) == {"kept": "1"}


def test_a_set_of_layers_is_merged_once(tmp_path: Path) -> None:
    one, two = laid(tmp_path / "one", {"a": "1"}), laid(tmp_path / "two", {"b": "2"})
    first = merged([one, two], tmp_path / "shelf")
    assert merged([one, two], tmp_path / "shelf") == first != merged([two, one], tmp_path / "shelf")


def test_what_another_version_merged_is_removed(tmp_path: Path) -> None:
    laid(tmp_path, {"0.1.0/abc/file": "old", "abc/file": "older"})
    shelf = shelf_for(tmp_path, "0.2.0")
    laid(shelf, {"abc/file": "new"})
    assert shelf_for(tmp_path, "0.2.0") == shelf
    assert contents(tmp_path) == {"0.2.0/abc/file": "new"}
