"""Resources: the tree of paths of an API, and the methods on it.

One idea: a resource is a document that holds its methods, as GetResource with `embed=methods` shows it; its path
follows from its parents. It may not know the store.

https://docs.aws.amazon.com/apigateway/latest/api/API_Resource.html
"""

import re

from freehold.services.apigateway import errors
from freehold.services.apigateway.apis import Content, Document

PART = re.compile(r"[a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\}")
GREEDY = re.compile(r"\{[^{}]+\+\}")


def resource(content: Content, id: str) -> Document:
    found = content.resources.get(id)
    if found is None:
        raise errors.ResourceNotFound()
    return found


def root(content: Content) -> Document:
    return next(each for each in content.resources.values() if each["path"] == "/")


def add(content: Content, id: str, parent_id: str, part: str) -> Document:
    """Hang a new resource below a parent."""
    parent = resource(content, parent_id)
    check_part(content, parent, part, "")
    made = {"id": id, "parentId": parent_id, "pathPart": part, "path": _path(parent, part)}
    content.resources[id] = made
    return made


def check_part(content: Content, parent: Document, part: str, id: str) -> None:
    """Raise unless the parent may have a child of this part, besides the one of this id."""
    if not PART.fullmatch(part):
        raise errors.BadPathPart()
    if GREEDY.fullmatch(parent.get("pathPart", "")):
        raise errors.ChildOfGreedy(path=parent["path"])
    for sibling in content.resources.values():
        if sibling.get("parentId") != parent["id"] or sibling["id"] == id:
            continue
        if sibling["pathPart"] == part:
            raise errors.ConflictException(name=part)
        if (
            _variable(part)
            and _variable(sibling["pathPart"])
            and bool(GREEDY.match(part)) == bool(GREEDY.match(sibling["pathPart"]))
        ):
            raise errors.VariableSibling(sibling=sibling["pathPart"])


def _variable(part: str) -> bool:
    return part.startswith("{")


def _path(parent: Document, part: str) -> str:
    return f"{parent['path'].rstrip('/')}/{part}"


def repath(content: Content, id: str) -> None:
    """Say again the paths of a resource and of all below, after its part or parent has changed."""
    changed = resource(content, id)
    changed["path"] = _path(resource(content, changed["parentId"]), changed["pathPart"])
    for child in children(content, id):
        repath(content, child)


def children(content: Content, id: str) -> list[str]:
    return [each["id"] for each in content.resources.values() if each.get("parentId") == id]


def remove(content: Content, id: str) -> None:
    """Take a resource away with all below."""
    if "parentId" not in resource(content, id):
        raise errors.RootIsFixed()
    for child in children(content, id):
        remove(content, child)
    del content.resources[id]


def grow(content: Content, path: str, new_id: str) -> Document:
    """The resource of a path whose parent is there; a new one under `new_id` if there is none yet."""
    known = next((each for each in content.resources.values() if each["path"] == path), None)
    if known:
        return known
    above, _, part = path.rpartition("/")
    parent = next(each for each in content.resources.values() if each["path"] == (above or "/"))
    made = {"id": new_id, "parentId": parent["id"], "pathPart": part, "path": path}
    content.resources[new_id] = made
    return made


def method(content: Content, resource_id: str, http_method: str) -> Document:
    found = resource(content, resource_id).get("resourceMethods", {}).get(http_method)
    if found is None:
        raise errors.MethodNotFound()
    return found


def integration(content: Content, resource_id: str, http_method: str) -> Document:
    found = method(content, resource_id, http_method).get("methodIntegration")
    if found is None:
        raise errors.IntegrationNotFound()
    return found


def response(holder: Document, member: str, status_code: str) -> Document:
    """The method or integration response of a status code."""
    found = holder.get(member, {}).get(status_code)
    if found is None:
        raise errors.ResponseNotFound()
    return found


def bare(found: Document) -> Document:
    """A resource as it is shown without `embed=methods`: which methods there are."""
    methods = found.get("resourceMethods")
    return found | {"resourceMethods": {name: {} for name in methods}} if methods else found
