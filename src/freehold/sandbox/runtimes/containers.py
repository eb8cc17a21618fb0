"""Container images: the command line that an image says, found in its own folders.

One idea: an image brings a client of the Runtime API and all it stands on; what is asked here is only where its program
is, so that a wrong one is said as AWS says it. It may not know where images come from.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

import posixpath

from freehold.sandbox.images import roots
from freehold.sandbox.runtimes.start import NotStartable, Start
from freehold.sandbox.spec import Image

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # as container engines have it


def start(image: Image) -> Start:
    """The entrypoint and its words. Raises NotStartable."""
    argv = [*image.entrypoint, *image.command]
    variables = {"PATH": PATH, **image.variables}
    if not argv:
        raise NotStartable("the container image has neither ENTRYPOINT nor CMD")
    if roots.walk(image.root, image.working_dir) is None:
        raise NotStartable(f"chdir {image.working_dir}: no such file or directory")
    return Start([_program(image, argv[0], variables["PATH"]), *argv[1:]], env=variables, cwd=image.working_dir)


def extensions_in(image: Image) -> list[str]:
    """The file names of the external extensions that an image brings, in the order in which they are started."""
    folder = roots.walk(image.root, "/opt/extensions")
    return sorted(entry.name for entry in folder.iterdir() if entry.is_symlink() or entry.is_file()) if folder else []


def _program(image: Image, name: str, path: str) -> str:
    """Where a program is in the image: as it is named, seen from the working directory, or on PATH."""
    if "/" in name:
        return posixpath.normpath(posixpath.join(image.working_dir, name))
    for folder in filter(None, path.split(":")):
        try:
            found = roots.find(image.root, posixpath.join(folder, name))
        except roots.Astray:
            continue
        if found is not None:
            return posixpath.join(folder, name)
    raise NotStartable(f'exec: "{name}": executable file not found in $PATH')
