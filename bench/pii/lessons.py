"""What the chain of engines/pii/names is taught with: sentences with names in them, and others that only look so.

One idea: a template, its blanks filled from the gazetteer by how common a word is. It may not know the chain, and
shares no template with the evaluation set.
"""

import random
import re
from collections.abc import Callable, Iterator

from bench.pii.sentences import NOTHING, PEOPLE
from freehold.engines.pii.names.chain import FAMILY, FAMILY_FIRST, GIVEN, GIVEN_LAST
from freehold.engines.pii.names.gazetteer import levels


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


Marks = list[tuple[int, int, int]]  # start, end, state of each word of a name

TITLES = listed("Mr.,Mrs.,Ms.,Dr.,Miss,Prof.,Herr,Frau,Señor,Señora,Signor,Madame,M.,Sir")
SMALL = listed("van,van der,von,de,de la,del,di,da,dos,al,bin,le,ten")
PRODUCTS = listed(
    "Galaxy Note,Surface Pro,Apple Watch,Pixel Phone,Windows Server,Amazon Echo,Play Station,Model S,Air Max"
    ",Adobe Reader,Google Maps,Visual Studio,Gold Card,Premium Plan,Kindle Fire,Ford Focus,Honda Civic,Dell Inspiron"
    ",Dolce Gabbana,Head Shoulders,Coca Cola,Smart Watch,Raspberry Pi,Amazon Web Services,Lincoln Navigator"
    ",Jordan Retro,Dyson Airwrap"
)
DISEASES = listed(
    "Parkinson Disease,Alzheimer Disease,Down Syndrome,Crohn Disease,Hodgkin Lymphoma,Lyme Disease,Type Diabetes"
    ",Huntington Disease,Tourette Syndrome"
)
HEADS = listed(
    "Order,Payment,Account,Customer,Patient,Delivery,Invoice,Billing,Shipping,Security,System,Project,Service,Support"
    ",Data,User,Medical,Annual,Monthly,Final,Total,Credit,Health,Contact,Product,Sales,Travel,Travel,Meeting,Quality"
    ",Error,Report,Access,Network,Tax,Claim,Policy,Event,Emergency,Global,Public,National,New"
)
TAILS = listed(
    "Summary,Report,Number,Status,Details,Method,Review,Update,Request,Notification,Service,Team,Policy,Confirmation"
    ",Center,Manager,Plan,List,Address,Date,Code,Error,Log,Record,Results,History,Department,Form,Statement,Agreement"
    ",Terms,Conditions,Schedule,Test,Page"
)
FORMS = listed(
    "Inc,Ltd,LLC,GmbH,AG,Corp,Group,Bank,Holdings,Partners,Industries,Systems,Technologies,Foods,Media,Insurance"
    ",Capital,Motors,Pharma,Consulting,Brothers,& Sons,Solutions,S.A.,Energy"
)
PLAIN = listed(
    "Goldman Sachs,Wells Fargo,Procter Gamble,Price Waterhouse,Hewlett Packard,Warner Bros,Rolls Royce"
    ",Lloyds Banking,Deutsche Bank,Crédit Agricole,Banco Santander,Lehman Brothers,General Motors,Whole Foods"
    ",Best Buy,Burger King,Dairy Queen,Home Depot,Delta Air Lines,British Airways,Red Cross,Tiffany Co"
    ",Abercrombie Fitch,Ben Jerry"
)
INSTITUTIONS = listed(
    "University,College,High School,Hospital,Medical Center,Clinic,Library,Airport,Museum,Park,Institute,Stadium"
    ",Memorial Hospital,Foundation,Elementary School,Church,Hall"
)
STREETS = listed("Street,Avenue,Road,Drive,Lane,Boulevard,Court,Way,Place,St,Ave,Rd,Square,Blvd")
REGIONS = listed(
    "California,Texas,Virginia,Georgia,Carolina,Florida,Washington,Ontario,Quebec,Victoria,Queensland,Bavaria"
    ",Catalonia,Normandy,Tuscany,New York,New Jersey,North Carolina,Scotland,Wales,Germany,France,Spain,Italy"
    ",United States,United Kingdom"
)
DAYS = listed("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday,Christmas,Easter")
MONTHS = listed("January,February,March,April,May,June,July,August,September,October,November,December")
WORDS = listed(
    "The,Your,Our,This,New,Please,Order,Dear,Hello,From,In,For,And,But,When,Where,Thanks,Invoice,Customer,Contact"
    ",Meet,Call,Ask,Visit"
)
FORMS_OF_NAMES = ("name", "reversed", "upper", "official")
BLANK = re.compile(r"\{(\w+)\}")


BORNE = (0.15, 0.3, 0.55)  # how often people bear names that are rare, known and common


class Lexicon:
    """Words to fill blanks with, drawn by a seed."""

    def __init__(self, seed: int, rare: list[str]):
        self.chance = random.Random(seed)
        self.rare = rare  # family names that the gazetteer has not
        self.kinds: list[list[tuple[str, ...]]] = []
        for kind in range(4):
            by_level: list[list[str]] = [[], [], [], []]
            for word, digits in levels().items():
                if kind == 3 or "_" not in word:
                    by_level[int(digits[kind])].append(word)
            self.kinds.append([tuple(sorted(words)) for words in by_level])

    def draw(self, kind: int, shares: tuple[float, float, float] = (0.2, 0.35, 0.45)) -> str:
        level = self.chance.choices((1, 2, 3), shares)[0]
        return self.chance.choice(self.kinds[kind][level])

    def family(self) -> str:
        word = self.chance.choice(self.rare) if self.chance.random() < 0.2 else self.draw(1, BORNE)
        return written(word)

    def given(self) -> str:
        return written(self.draw(0, BORNE))


def written(word: str) -> str:
    """A folded word as people write it."""
    parts = [part.capitalize() for part in re.split(r"([-' _])", word)]
    word = "".join(parts).replace("_", " ")
    return "Mc" + word[2:].capitalize() if word.startswith("Mc") and len(word) > 5 else word


def person(words: Lexicon) -> list[tuple[str, int]]:
    """The words of a name with their tags."""
    chance = words.chance.random
    given = [words.given()]
    if chance() < 0.08:
        given = [given[0][0] + "."]
    if chance() < 0.12:
        given.append(words.given())
    if chance() < 0.2:
        given.append(words.chance.choice("ABCDEFGHJKLMNPRSTW") + ("." if chance() < 0.7 else ""))
    if chance() < 0.04:
        given[0] += "-" + words.given()
    family = [words.family()]
    if chance() < 0.12:
        family.append(words.family())
    if chance() < 0.08:
        small = words.chance.choice(SMALL)
        family[0] = (small.title() if chance() < 0.3 else small) + " " + family[0]
    elif chance() < 0.06:
        family[0] += "-" + words.family()
    elif chance() < 0.03:
        family[0] = words.chance.choice(("O'", "D'", "Mc", "Mac")) + family[0]
    return [(word, GIVEN) for word in given] + [(word, FAMILY) for word in family]


def company(words: Lexicon) -> str:
    choose = words.chance.choice
    return choose(
        (
            choose(PLAIN),
            choose(PLAIN),
            f"{words.family()} {choose(FORMS)}",
            f"{words.family()} {words.family()} {choose(FORMS)}",
            f"{words.family()} & {words.family()}",
            f"{written(words.draw(2))} {choose(FORMS)}",
            f"{written(words.draw(3))} {choose(FORMS)}",
            f"{written(words.draw(2))} {written(words.draw(2))}",
        )
    )


def place(words: Lexicon) -> str:
    return written(words.draw(3, (0.3, 0.3, 0.4)))


def institution(words: Lexicon) -> str:
    owner = words.chance.choice(
        (words.family(), place(words), f"{written(words.draw(0))} {words.family()}", f"St. {written(words.draw(0))}")
    )
    return f"{owner} {words.chance.choice(INSTITUTIONS)}"


def street(words: Lexicon) -> str:
    owner = words.chance.choice((words.family(), f"{written(words.draw(0))} {words.family()}", written(words.draw(2))))
    return f"{owner} {words.chance.choice(STREETS)}"


def phrase(words: Lexicon) -> str:
    """Words in capitals that are no name."""
    return " ".join(written(words.draw(2)) for _ in range(words.chance.randint(2, 4)))


def heading(words: Lexicon) -> str:
    return f"{words.chance.choice(HEADS)} {words.chance.choice(TAILS)}"


BLANKS: dict[str, Callable[[Lexicon], str]] = {
    "company": company,
    "place": place,
    "institution": institution,
    "street": street,
    "heading": heading,
    "companyupper": lambda words: company(words).upper(),
    "placeupper": lambda words: place(words).upper(),
    "headingupper": lambda words: heading(words).upper(),
    "product": lambda words: words.chance.choice(PRODUCTS),
    "disease": lambda words: words.chance.choice(DISEASES),
    "region": lambda words: words.chance.choice(REGIONS),
    "day": lambda words: words.chance.choice(DAYS),
    "month": lambda words: words.chance.choice(MONTHS),
    "title": lambda words: words.chance.choice(TITLES),
    "word": lambda words: words.chance.choice(WORDS),
    "phrase": phrase,
    "phraseupper": lambda words: phrase(words).upper(),
    "royal": lambda words: (
        words.chance.choice(("Princess", "Prince", "King", "Queen", "Lady")) + " " + written(words.draw(2))
    ),
    "letter": lambda words: words.chance.choice("ABCDEFGHJKLMNPRSTVW"),
    "acronym": lambda words: "".join(words.chance.choices("ABCDEGHIKLMNOPRSTUW", k=words.chance.randint(2, 5))),
    "number": lambda words: str(words.chance.randrange(10, 99_999)),
    "mail": lambda words: words.draw(0) + "@example.com",
    "family": lambda words: words.family(),
    "given": lambda words: written(words.draw(0)),
}


def sequence(parts: list[tuple[str, int]], form: str) -> Iterator[tuple[str, int, str]]:
    """The words of a name in the order and case of a form, each with its state and what follows it."""
    if form in ("reversed", "official"):
        family = [(word, FAMILY_FIRST) for word, state in parts if state == FAMILY]
        given = [(word, GIVEN_LAST) for word, state in parts if state == GIVEN]
        if form == "official":
            family = [(word.upper(), state) for word, state in family]
        parts = family + given
    for number, (word, state) in enumerate(parts, 1):
        turns = number < len(parts) and (state, parts[number][1]) == (FAMILY_FIRST, GIVEN_LAST)
        after = "" if number == len(parts) else ", " if turns and form == "reversed" else " "
        yield word.upper() if form == "upper" else word, state, after


def lesson(words: Lexicon, template: str) -> tuple[str, Marks]:
    """A filled template, and where the words of its names stand."""
    text, marks, at = "", [], 0
    template = template.replace("{{", "\ue000").replace("}}", "\ue001").replace("\\n", "\n")
    for blank in BLANK.finditer(template):
        text += template[at : blank.start()]
        at = blank.end()
        form = blank[1] if blank[1] != "name" else words.chance.choices(FORMS_OF_NAMES, (84, 8, 6, 2))[0]
        if form not in FORMS_OF_NAMES:
            text += BLANKS[blank[1]](words)
            continue
        for word, state, after in sequence(person(words), form):
            marks.append((len(text), len(text) + len(word), state))
            text += word + after
    text += template[at:]
    return text.replace("\ue000", "{").replace("\ue001", "}"), marks


def lessons(seed: int, rare: list[str], count: int) -> Iterator[tuple[str, Marks]]:
    """Texts and the words of their names; as many with names as without."""
    words = Lexicon(seed, rare)
    for number in range(count):
        template = words.chance.choice(PEOPLE if number % 2 else NOTHING)
        yield lesson(words, template)
