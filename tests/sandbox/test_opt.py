"""What runtimes find in the layers under /opt."""

import sys
from pathlib import Path

from .workshop import Workshop, needs_node, said

VERSION = f"python3.{sys.version_info.minor}"


def layer(workshop: Workshop, files: dict[str, str]) -> Path:
    return workshop.function(files).code


def test_search_paths_of_python(workshop: Workshop) -> None:
    files = {
        "python/both.py": "at = 'python'",
        f"python/lib/{VERSION}/site-packages/both.py": "at = 'site-packages'",
        "python/plain.py": "at = 'python'",
        "python/lib/python3.2/site-packages/old.py": "",
        "python/json.py": "at = 'never: the library of the interpreter is loaded already'",
    }
    source = """
        import both, importlib.util, json, plain
        def handler(e, c): return [both.at, plain.at, importlib.util.find_spec("old"), hasattr(json, "dumps")]
    """
    spec = workshop.python(source, layers=(layer(workshop, files),))
    assert said(workshop.invoke(spec)) == ["site-packages", "python", None, True]


def test_programs_and_libraries_of_layers(workshop: Workshop) -> None:
    files = {"bin/tool": "#!/bin/sh\necho from a layer", "lib/libx.so": ""}
    source = """
        import os, subprocess
        def handler(e, c):
            said = subprocess.run(["tool"], stdout=subprocess.PIPE, text=True).stdout
            found = [f for f in os.environ["LD_LIBRARY_PATH"].split(":") if os.path.exists(f + "/libx.so")]
            return [said, len(found), os.environ["PATH"].split(":")[-1].endswith("/bin")]
    """
    assert said(workshop.invoke(workshop.python(source, layers=(layer(workshop, files),)))) == [
        "from a layer\n",
        1,
        True,
    ]


def test_a_later_layer_lies_over_an_earlier_one(workshop: Workshop) -> None:
    one = layer(workshop, {"python/a.py": "at = 1", "python/b.py": "at = 1", "bin/tool": "#!/bin/sh\necho 1"})
    two = layer(workshop, {"python/b.py": "at = 2", "bin/tool": "#!/bin/sh\necho 2"})
    source = """
        import a, b, subprocess
        def handler(e, c): return [a.at, b.at, subprocess.run(["tool"], stdout=subprocess.PIPE, text=True).stdout]
    """
    assert said(workshop.invoke(workshop.python(source, layers=(one, two)))) == [1, 2, "2\n"]
    assert said(workshop.invoke(workshop.python(source, layers=(two, one)))) == [1, 1, "1\n"]


@needs_node
def test_search_paths_of_nodejs(workshop: Workshop) -> None:
    files = {
        "nodejs/node_modules/both/index.js": "module.exports = 'any'",
        "nodejs/node20/node_modules/both/index.js": "module.exports = 'node20'",
        "nodejs/node_modules/plain/index.js": "module.exports = 'any'",
    }
    source = "import both from 'both'; import plain from 'plain'; export const handler = async () => [both, plain]"
    layers = (layer(workshop, files),)
    assert said(workshop.invoke(workshop.node(source, layers=layers))) == ["node20", "any"]
    assert said(workshop.invoke(workshop.node(source, layers=layers, runtime="nodejs18.x"))) == ["any", "any"]
