"""The evaluation set: texts with labels, made of templates by a seed; and a published one.

One idea: a label is an identifier and where it stands. It may not know what finds them.
"""

import json
import random
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.pii import values
from bench.pii.digits import MONTHS, drawn
from bench.pii.kinds import KINDS
from bench.pii.lessons import listed
from bench.pii.people import Lists, address, formed, name

# presidio-research (MIT; its people by Fake Name Generator, CC BY-SA 3.0): fetched into the cache, never kept here.
PUBLISHED = "https://raw.githubusercontent.com/microsoft/presidio-research/master/data/synth_dataset_v2.json"


class Label(NamedTuple):
    name: str
    start: int
    end: int


class Text(NamedTuple):
    """`loose` are spans about which nobody is right or wrong: names that are not full ones, parts of addresses."""

    text: str
    labels: tuple[Label, ...]
    loose: tuple[tuple[int, int], ...] = ()


NAMED = (
    "Patient {Name} was discharged on {date}.",
    "Hello {Name}, your parcel {tracking} is on its way.",
    "The claim of {Name} against {company} was settled.",
    '{{"customer": {{"name": "{Name}", "tier": "gold"}}, "order": "{order}" }}',
    '{{"passenger":"{Name}","flight":"BA{small}"}}',
    "Yesterday {Name} and {Name} opened a shop in {place}.",
    "Please add {Name} as a beneficiary.",
    "Thanks,\n{Name}\n{company}",
    "{Name} wrote: the {product} does not start",
    "appointment with Dr. {Name} at {time}",
    "INFO user={Name} action=login",
    "Name: {Name}\nProduct: {product}\nTotal: {price}",
    "My colleague {Name} will call you back about {product}.",
    "Mrs {Name}, born in {place}, works for {company}",
    "the letter was signed by {Name} in {month}",
    "Is {Name} allowed to see order {order}?",
    "Wir haben {Name} am {date} angerufen.",
    "Bonjour {Name}, votre commande est prête.",
    "La señora {Name} vive en {place}.",
    "Il signor {Name} ha pagato {price}.",
)
PLACED = (
    "Deliver to {Address} please.",
    "I moved to {Address}.",
    '{{"shipTo": "{Address}", "weight": {small} }}',
    "{Name}, {Address}",
    "Address: {Address}\nOrder: {order}",
    "The office at {Address} is closed on {day}.",
    "Invoice {order} for {Name} of {Address}, total {price}",
    "Where is it? At {Address}",
)
NOTHING = (
    "Order {order} of {date} shipped, tracking {tracking}.",
    "commit {sha} by ci at {time}",
    "GET /items/{uuid} 200 in {small} ms",
    "The {product} costs {price} at {company}.",
    "{company} will open in {place} in {month}.",
    "ISBN {isbn}, EAN {ean}",
    "version {version} of {product} was released on {date}",
    '{{"id": "{uuid}", "sku": "{sku}", "qty": {small}, "price": {price} }}',
    "{date}T{time}Z WARN queue depth {large} above {small}",
    "ticket {ticket}: {product} does not start",
    "batch {large} of {large} rows, checksum {sha}",
    "from {place} to {place} on {day}",
    "Meeting with {company} on {day} at {time}",
    "{place} University Hospital, Department of Cardiology",
    "The {product} by {company} won in {place}",
    "Dear Customer, your invoice {order} is due on {date}.",
    "part {sku} replaces part {sku}",
    "Temperature {small}.{small} at station {large}, sensor {large}",
    "serial {serial}, firmware {version}",
    "Room {small}, Building {small}, {place} Campus",
    "error {large}: table Customers has {large} rows",
    "transaction {twelve} approved, batch {six}",
    "reference {sixteen} and counter {nine}",
)
# Numbers that are nothing, in the forms of what is something: `{wrong}` is a card's whose check digit is not right.
LOOKALIKES = (
    "order {sixteen} was paid",
    "transfer reference {grouped}",
    "EAN {ean13}",
    "barcode {ean13} on the box",
    "GTIN {ean13}",
    "at {epoch} the job ended",
    '{{"ts": {epoch}000, "ok": true}}',
    "IMEI {imei} is locked",
    "parcel {twenty}",
    "part {parts} replaces {parts}",
    "model {parts}",
    "serial {serial} of batch {batch}",
    "lottery: {draw}",
    "population {thousands}, area {small} km²",
    "turnover {thousands} EUR",
    "{wrong} was declined",
    "charged to {wrong}",
    "ticket {slashed} is closed",
    "room {small}-{small}-{large}",
    "phone support since {day_of}",
    "mobile app {version}",
    "fax queue {large}, tel. {version}",
    "the phone has {small} GB and costs {price}",
    "meeting {day_of} {time}-{time}",
    "case {case}",
    "invoice {case}/{small}",
    "server {version}.{small}.{small}",
    "grid {coordinates}",
    "sha {sha}",
    "bank holidays {day_of}, {day_of}",
    "licence key {key}",
    "article {nine}X",
    "isbn {isbn}",
    "uuid {uuid}",
    "from {twelve} to {twelve}",
    "account {ten} closed",
    "score {small}-{small}, {small}-{small}",
    "sensor {mac}",
    "chapter {small}.{small}.{small}, page {large}",
    "{sku}, {sku} and {sku}",
    "SELECT {large} WHERE id IN ({ten}, {ten})",
)
AROUND = (
    "{}",
    "Hi, {}. Thanks",
    "{} (checked on {date})",
    "note: {}; order {order}",
    "Regarding {order}: {}",
    "{}\nregards",
)

WORDS = {
    "company": listed(
        "Northwind Traders,Contoso Ltd,Siemens AG,Banco Santander,Crédit Lyonnais,Deutsche Post,Barclays Bank"
        ",Tesco Stores,Johnson Controls,Philip Morris,Marks & Spencer,Harley Davidson,Baker Tilly,Ford Motor Company"
        ",Wayne Enterprises"
        ",Stark Industries,Allen & Overy,Grant Thornton,Arthur Andersen,Hewlett Packard,Ben & Jerry's,Ralph Lauren"
        ",Kraft Foods,Morgan Stanley,Fisher Price,Black Decker"
    ),
    "product": listed(
        "ThinkPad X1,Galaxy Watch,Office Suite,Espresso Maker,Kindle Paperwhite,Surface Laptop,Road Bike,Smart TV"
        ",Coffee Grinder,Standing Desk,Windows Server,Premium Support Plan,Noise Cancelling Headphones,Victoria Sponge"
        ",Earl Grey,Cherry Tomatoes,Swiss Army Knife,Dyson Airwrap,Jordan Retro,Lincoln Continental"
    ),
    "place": listed(
        "New York,Los Angeles,San Francisco,Salt Lake City,Buenos Aires,Frankfurt,Santa Barbara,San Diego,St. Louis"
        ",Baden-Baden,Rio de Janeiro,Santiago de Compostela,Mount Vernon,Jackson Hole,Charlotte,Florence,Saint-Denis"
        ",Port Elizabeth,Fort Worth,Virginia Beach,North Carolina,Lake George,West Yorkshire"
    ),
    "day": listed("Monday,Tuesday,Wednesday,Thursday,Friday"),
    "month": MONTHS,
}
SHAPES = {
    "date": ("{201}9-{0}8-{1}9", "{202}9-{1}{0}-{0}8", "{202}9-{0}8-{2}8"),
    "time": ("{0}9:{1}9:{4}9", "{1}9:{5}9:{0}9", "{2}{0}:{3}9:{5}9"),
    "price": ("8.99", "89.99", "899.99", "8999.99"),
    "order": ("{A}-999999", "899-8999999-8999999", "{SO}89999999"),
    "tracking": ("{1Z}899{AA}8999999999",),
    "sha": ("h" * 40,),
    "uuid": ("hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh",),
    "isbn": ("{978}-9-899-89999-9",),
    "ean": ("8999999999999",),
    "sku": ("{E}A-8999-{R}A", "{H}A-8999-{V}A"),
    "version": ("9.89.99", "8.9.9", "{1}9.9.89"),
    "ticket": ("{OPS}-89999",),
    "serial": ("XXXXXXXXXXXX",),
    "small": ("8", "89"),
    "large": ("8999", "89999", "899999", "8999999"),
    "six": ("899999",),
    "nine": ("899999999",),
    "twelve": ("899999999999",),
    "sixteen": ("8999999999999999",),
    "grouped": ("8999 9999 9999 9999", "8999-9999-9999-9999"),
    "epoch": ("{17}99999999", "{16}99999999"),
    "imei": ("{35}9999999999999", "{86}9999999999999"),
    "twenty": ("{9}9999999999999999999", "{94}99999999999999999999", "999999999999999"),
    "parts": ("899-999-9999", "899-9999-99", "{0}99-999-999", "99-999-9999", "{0}8-99-99-99"),
    "batch": ("89-9999-99", "{0}899-999-99", "{0}89 999 99"),
    "draw": ("{05 1}9 {2}9 {3}9 {4}9", "{0}8 {1}9 {2}9 {3}9 {4}9"),
    "thousands": ("899 999 999", "89 999 999", "899.999.999", "8.999.999.999"),
    "slashed": ("{0}899/9999", "8999/89", "{20}99/99999"),
    "day_of": ("{201}9-{0}8-{1}9", "{1}9-{0}8-{202}9", "{202}9 {0}8 {1}9", "{0}8.{1}9.{202}9"),
    "case": ("899-99-9999", "{202}9-99-9999", "{00}9-99-9999", "{9}99-{4}9-9999"),
    "coordinates": ("{5}8.9999 {1}8.9999",),
    "key": ("XXXXX-XXXXX-XXXXX-XXXXX", "XXXX-XXXX-XXXX", "XXXXXXXXXXXXXXXXX"),
    "mac": ("{0}8-hh-hh-hh-hh-hh", "hh:hh:hh:hh:hh:hh"),
    "ten": ("8999999999", "{0}999999999"),
}
NUMBERS = {"ean13": values.ean, "wrong": values.wrong_card}  # drawn with their check digits
CANADIAN = re.compile(r"\b[A-Z]\d[A-Z] \d[A-Z]\d\b")  # a postal code that is an identifier of its own


def filler(chance: random.Random, name: str) -> str:
    if name in NUMBERS:
        return NUMBERS[name](chance)
    return chance.choice(WORDS[name]) if name in WORDS else drawn(chance, chance.choice(SHAPES[name]))


def filled(chance: random.Random, lists: Lists, template: str, values: tuple[tuple[str, str], ...] = ()) -> Text:
    """A template with its blanks filled; `values` fill the empty ones, each with its identifier, "" for no label."""
    text, labels, at, rest = "", [], 0, list(values)
    template = template.replace("{{", "\ue000").replace("}}", "\ue001")
    for blank in re.finditer(r"\{(\w*)\}", template):
        text += template[at : blank.start()]
        at = blank.end()
        label = blank[1] if blank[1] in ("Name", "Address") else ""
        if label:
            value = formed(chance, *name(chance, lists)) if label == "Name" else address(chance, lists)
        elif blank[1]:
            value = filler(chance, blank[1])
        else:
            label, value = rest.pop(0)
        if template[blank.start() - 1 : blank.start()] == '"':
            value = value.replace("\n", "\\n")
        if label == "Address":
            codes = CANADIAN.finditer(value)
            labels += [Label("PostalCode-CA", len(text) + code.start(), len(text) + code.end()) for code in codes]
        if label:
            labels.append(Label(label, len(text), len(text) + len(value)))
        text += value
    return Text((text + template[at:]).replace("\ue000", "{").replace("\ue001", "}"), tuple(labels))


def texts(seed: int, lists: Lists, each: int = 12) -> list[Text]:
    """`each` texts for every identifier, as many again with names and addresses, and as many with nothing."""
    chance = random.Random(seed)
    made = []
    for identifier, kind in KINDS.items():
        for _ in range(each):
            phrase = chance.choice(AROUND).replace("{}", chance.choice(kind.phrases), 1)
            made.append(filled(chance, lists, phrase, ((identifier, kind.value(chance)),)))
    half = len(made) // 2
    made += [filled(chance, lists, chance.choice(NAMED)) for _ in range(half)]
    made += [filled(chance, lists, chance.choice(PLACED)) for _ in range(half)]
    made += [filled(chance, lists, chance.choice(NOTHING)) for _ in range(2 * half)]
    chance.shuffle(made)
    return made


def lookalikes(seed: int, lists: Lists, count: int = 2_000) -> list[Text]:
    """Texts with numbers, none of which is anything."""
    chance = random.Random(seed)
    return [filled(chance, lists, chance.choice(LOOKALIKES)) for _ in range(count)]


def everything(chance: random.Random, lists: Lists, size: int = 1024) -> str:
    """A message of so many characters that holds a name, an address and values of several identifiers among prose."""
    text = ""
    while len(text) < size:
        identifier = chance.choice(tuple(KINDS))
        templates = (chance.choice(NAMED), chance.choice(NOTHING), chance.choice(NOTHING), chance.choice(PLACED))
        text += " ".join(filled(chance, lists, template).text for template in templates)
        text += " " + chance.choice(KINDS[identifier].phrases).replace("{}", KINDS[identifier].value(chance)) + ". "
    return text[:size]


# What the published set calls what is ours; where both have a rule of their own for it.
TYPES = {
    "PERSON": "Name", "CREDIT_CARD": "CreditCardNumber", "EMAIL_ADDRESS": "EmailAddress", "IP_ADDRESS": "IpAddress",
    "US_SSN": "Ssn-US", "US_DRIVER_LICENSE": "DriversLicense-US", "IBAN_CODE": "BankAccountNumber",
    "PHONE_NUMBER": "PhoneNumber",
}  # fmt: skip


def published(cache: Path) -> Iterator[Text]:
    """presidio-research's synth_dataset_v2, from the cache, else fetched. Names count if they are full ones."""
    file = cache / "synth_dataset_v2.json"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(PUBLISHED, timeout=30) as answer:
            file.write_bytes(answer.read())
    for row in json.loads(file.read_text(encoding="utf-8")):
        labels, loose = [], []
        for span in row["spans"]:
            label = Label(TYPES.get(span["entity_type"], ""), span["start_position"], span["end_position"])
            whole = label.name and (label.name != "Name" or " " in span["entity_value"].strip())
            if whole:
                labels.append(label)
            else:
                loose.append(label[1:] if span["entity_type"] == "PERSON" else None)
        yield Text(row["full_text"], tuple(labels), tuple(filter(None, loose)))
