"""Rule 3: rooms never import rooms; only app.py knows names."""

import ast

from freehold.app import ROOMS


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
    folders = tuple(f"freehold.services.{folder}" for folder in ROOMS.values())
    guilty = []
    for path, tree in modules.items():
        if path.startswith("services/") or path == "app.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(folders):
                guilty.append(path)
    assert not guilty
