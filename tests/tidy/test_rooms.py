"""Rule 3: rooms never import rooms, wings only those they name; only app.py knows names."""

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


DOORS = {"__init__.py", "keepers.py", "service", "resources"}  # where a room may know its wings (rfds/0006)


def test_wings_import_the_wings_they_name(modules):
    guilty = []
    for path, tree in modules.items():
        parts = path.split("/")
        if parts[0] != "services" or len(parts) < 3 or parts[2] in DOORS:
            continue
        room = f"services/{parts[1]}"
        inits = [one.split("/") for one in modules if one.startswith(f"{room}/") and one.endswith("/__init__.py")]
        wings = {init[2] for init in inits if len(init) > 3} - DOORS
        own = parts[2] if len(parts) > 3 else ""
        told = ast.get_docstring(modules[f"{room}/{own}/__init__.py"]) if own in wings else ""
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"freehold.services.{parts[1]}."):
                other = node.module.split(".")[3]
                if other in wings - {own} and f"`{other}`" not in (told or ""):
                    guilty.append(f"{path} imports {other}")
    assert not guilty
