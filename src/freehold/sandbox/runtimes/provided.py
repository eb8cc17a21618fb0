"""The custom runtimes: provided, provided.al2, provided.al2023 and go1.x.

One idea: the function brings its own program, and the Runtime API is all it needs. It may not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
"""

from freehold.sandbox.runtimes.start import NotStartable, Site, Start


def start(site: Site) -> Start:
    """The file `bootstrap` of the code, else of the layers."""
    for folder, place in ((site.spec.code, site.places.code), (site.opt, site.places.opt)):
        if folder is not None and (folder / "bootstrap").is_file():
            return Start([f"{place}/bootstrap"])
    raise NotStartable("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")


def start_go(site: Site) -> Start:
    """go1.x: the handler is the name of the program.

    It has to speak the Runtime API, as aws-lambda-go does where AWS_LAMBDA_RUNTIME_API is set. The first protocol of
    go1.x, net/rpc on _LAMBDA_SERVER_PORT, is not spoken.
    """
    if not (site.spec.code / site.spec.handler).is_file():
        raise NotStartable(f"fork/exec /var/task/{site.spec.handler}: no such file or directory")
    return Start([f"{site.places.code}/{site.spec.handler}"])
