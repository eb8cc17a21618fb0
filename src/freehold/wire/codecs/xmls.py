"""XML bodies: elements to values and values to elements, directed by shapes.

One idea: each use of a shape compiles once to a closure; a writer gives the text of a value's elements, a reader takes
the elements of one name. Namespaces are written where the model has them and ignored when read. It may not know HTTP.
Specification: Smithy 2.0, "XML bindings".
"""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from freehold.engines.markup import Elements, escape
from freehold.wire.codecs import texts
from freehold.wire.codecs.faults import Refusal
from freehold.wire.models import Member, Shape, XmlNamespace

Name = Callable[[Member, str], str]
Write = Callable[[Any], str]
Read = Callable[[list[Element]], Any]

PLAIN = ("boolean", "integer", "long", "timestamp")  # whose texts need no escaping
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def location_name(use: Member, name: str) -> str:
    """What a member's element is called, as most protocols have it."""
    return use.location_name or name


def xmlns(namespace: XmlNamespace | None) -> str:
    """The attribute that declares a namespace."""
    if namespace is None:
        return ""
    prefix = f":{namespace.prefix}" if namespace.prefix else ""
    return f' xmlns{prefix}="{escape(namespace.uri)}"'


class Writer:
    """Compiles uses of shapes to what writes their elements; `name` says what a member's element is called, `times` how
    times are written where the model does not say."""

    def __init__(self, name: Name = location_name, times: str = "iso8601"):
        self.name, self.times = name, times
        self._contents: dict[str, Write] = {}

    def element(self, tag: str, use: Member) -> Write:
        """What writes a use's element or elements of a name."""
        shape = use.target
        if shape.type == "structure":
            return self._structure(tag, use)
        if shape.type == "list":
            return self._list(tag, use)
        if shape.type == "map":
            return self._map(tag, use)
        start, end, text = f"<{tag}{xmlns(use.xml_namespace)}>", f"</{tag}>", texts.writer(use, self.times)
        if shape.type in PLAIN:
            return lambda value: f"{start}{text(value)}{end}"
        known = {each: f"{start}{escape(each)}{end}" for each in shape.enum or ()}
        if not known:
            return lambda value: f"{start}{escape(text(value))}{end}"
        return lambda value: known.get(value) or f"{start}{escape(text(value))}{end}"

    def contents(self, members: Mapping[str, Member]) -> Write:
        """What writes the elements of these members of a structure, in the model's order."""
        written: list[tuple[str, Write]] = []
        self._fill(written, members)
        return _each(written)

    def root(self, tag: str, declared: str, members: Mapping[str, Member]) -> Write:
        """What writes these members of a structure as an element, with their attributes; `declared` is put as it is."""
        return self._element(tag, declared, members, self.contents(members))

    def _inside(self, shape: Shape) -> Write:
        if shape.name not in self._contents:
            written: list[tuple[str, Write]] = []
            self._contents[shape.name] = _each(written)
            self._fill(written, shape.members)
        return self._contents[shape.name]

    def _fill(self, written: list[tuple[str, Write]], members: Mapping[str, Member]) -> None:
        for name, use in members.items():
            if not use.xml_attribute and not use.target.eventstream:
                written.append((name, self.element(self.name(use, name), use)))

    def _structure(self, tag: str, use: Member) -> Write:
        return self._element(tag, xmlns(use.xml_namespace), use.target.members, self._inside(use.target))

    def _element(self, tag: str, declared: str, members: Mapping[str, Member], inside: Write) -> Write:
        end = f"</{tag}>"
        attributes = [
            (name, f' {self.name(use, name)}="', texts.writer(use, self.times))
            for name, use in members.items()
            if use.xml_attribute
        ]
        if not attributes:
            return _between(f"<{tag}{declared}>", inside, end)

        def write(value: Any) -> str:
            given = [(start, text(value[name])) for name, start, text in attributes if value.get(name) is not None]
            told = "".join([f'{start}{escape(text)}"' for start, text in given])
            return f"<{tag}{declared}{told}>{inside(value)}{end}"

        return write

    def _list(self, tag: str, use: Member) -> Write:
        item = use.target.member
        assert item
        write_item = self.element(self.name(item, tag if use.flattened else "member"), item)
        return _items(write_item) if use.flattened else _wrapped(tag, use, _items(write_item))

    def _map(self, tag: str, use: Member) -> Write:
        key, value = use.target.key, use.target.value
        assert key and value
        entry = tag if use.flattened else "entry"
        write_key = self.element(self.name(key, "key"), key)
        write_value = self.element(self.name(value, "value"), value)

        def write(entries: Any) -> str:
            given = [(write_key(each), write_value(what)) for each, what in entries.items() if what is not None]
            return "".join([f"<{entry}>{each}{what}</{entry}>" for each, what in given])

        return write if use.flattened else _wrapped(tag, use, write)


def _each(written: list[tuple[str, Write]]) -> Write:
    def write(value: Any) -> str:
        find = value.get
        return "".join([text(member) for name, text in written if (member := find(name)) is not None])

    return write


def _items(write_item: Write) -> Write:
    def write(values: Any) -> str:
        if isinstance(values, Elements):
            return values
        return "".join([write_item(value) for value in values if value is not None])

    return write


def _wrapped(tag: str, use: Member, inside: Write) -> Write:
    return _between(f"<{tag}{xmlns(use.xml_namespace)}>", inside, f"</{tag}>")


def _between(start: str, inside: Write, end: str) -> Write:
    return lambda value: f"{start}{inside(value)}{end}"


class Reader:
    """Compiles uses of shapes to what reads the elements of one name. Values that do not fit raise ValueError."""

    def __init__(self) -> None:
        self._structures: dict[str, Read] = {}

    def element(self, use: Member) -> Read:
        """What reads a use's elements."""
        shape = use.target
        if shape.type == "structure":
            return self.structure(shape)
        if shape.type == "list":
            return self._list(use)
        if shape.type == "map":
            return self._map(use)
        read = texts.reader(use)
        if shape.type == "string":
            return lambda elements: elements[0].text or ""
        return lambda elements: read((elements[0].text or "").strip())

    def structure(self, shape: Shape) -> Read:
        """What reads a structure's element."""
        if shape.name not in self._structures:
            fields: list[tuple[str, tuple[str, ...], Read]] = []
            attributes: dict[str, tuple[str, Callable]] = {}
            self._structures[shape.name] = _structure(fields, attributes)
            self._fill(fields, attributes, shape.members)
        return self._structures[shape.name]

    def members(self, members: Mapping[str, Member]) -> Read:
        """What reads an element that has these members alone."""
        fields: list[tuple[str, tuple[str, ...], Read]] = []
        attributes: dict[str, tuple[str, Callable]] = {}
        self._fill(fields, attributes, members)
        return _structure(fields, attributes)

    def _fill(self, fields: list, attributes: dict, members: Mapping[str, Member]) -> None:
        for name, use in members.items():
            tag = use.location_name or name
            if use.xml_attribute:
                attributes[tag.rpartition(":")[2]] = (name, texts.reader(use))
            elif use.target.type == "list" and use.flattened and use.target.member:
                fields.append((name, (use.target.member.location_name or tag, tag), self.element(use)))
            else:
                fields.append((name, (tag,), self.element(use)))

    def _list(self, use: Member) -> Read:
        assert use.target.member
        read, tag = self.element(use.target.member), use.target.member.location_name or "member"
        if use.flattened:
            return lambda elements: [read([element]) for element in elements]
        return lambda elements: [read([child]) for child in elements[0] if local(child.tag) == tag]

    def _map(self, use: Member) -> Read:
        key, value = use.target.key, use.target.value
        assert key and value
        read_key, key_tag = self.element(key), key.location_name or "key"
        read_value, value_tag = self.element(value), value.location_name or "value"

        def read(elements: list[Element]) -> dict:
            made = {}
            for entry in elements if use.flattened else elements[0]:
                parts = _by_name(entry)
                if key_tag in parts and value_tag in parts:
                    made[read_key(parts[key_tag])] = read_value(parts[value_tag])
            return made

        return read


def _structure(fields: list[tuple[str, tuple[str, ...], Read]], attributes: dict[str, tuple[str, Callable]]) -> Read:
    def read(elements: list[Element]) -> dict[str, Any]:
        element, made = elements[0], {}
        parts = _by_name(element)
        for name, tags, read_member in fields:
            found = next((parts[tag] for tag in tags if tag in parts), None)
            if found:
                made[name] = read_member(found)
        if attributes:
            for key, text in element.attrib.items():
                known = attributes.get(local(key))
                if known:
                    made[known[0]] = known[1](text)
        return made

    return read


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _by_name(element: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(local(child.tag), []).append(child)
    return found


def load(body: bytes) -> Element:
    """A document's root element. ValueError if it is none, or declares entities, which UTF-16 could hide."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"\0" in body:
        raise ValueError("document types are not taken")
    try:
        return fromstring(body)
    except (ParseError, LookupError) as fault:
        raise ValueError(str(fault)) from None


def error(writer: Writer, refused: Refusal) -> str:
    """The elements of an error that all XML protocols share: its code, its message and its modelled members."""
    message = f"<Message>{escape(refused.message)}</Message>" if refused.message else ""
    unbound = {name: use for name, use in refused.shape.members.items() if not use.location} if refused.shape else {}
    return f"<Code>{escape(refused.code)}</Code>{message}{writer.contents(unbound)(refused.members)}"
