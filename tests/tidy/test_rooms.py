"""Rule 3: rooms never import rooms; only app.py knows names."""

import ast

from freehold.app import ROOMS, rooms
from freehold.kernel.store import KINDS


def test_rooms_do_not_import_rooms(modules):
    guilty = []
    for path, tree in modules.items():
        parts = path.split("/")
        if parts[0] != "services" or len(parts) < 3:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("freehold.services."):
                other = node.module.split(".")[2]
                if other != parts[1]:
                    guilty.append(f"{path} imports {other}")
    assert not guilty


def test_only_the_app_imports_rooms(modules):
    folders = tuple(f"freehold.services.{post.folder}" for post in ROOMS.values())
    guilty = []
    for path, tree in modules.items():
        if path.startswith("services/") or path == "app.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(folders):
                guilty.append(path)
    assert not guilty


def test_signposts_say_what_the_rooms_are():
    opened = rooms()
    for name, post in ROOMS.items():
        room = opened[name]
        namespaces = {type_name.rpartition("::")[0] for type_name in room.resources}
        assert (post.signs or name, set(post.makes), post.fronted) == (room.signs, namespaces, bool(room.fronts))


def test_tables_are_named_after_their_rooms():
    opened = rooms()
    strange = []
    for name in opened:
        before = set(KINDS)
        opened[name]
        strange += [table for table in set(KINDS) - before if opened.keeping(table) != name]
    assert not strange
