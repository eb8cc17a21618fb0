"""Words around names, and how words are compared. It may not know texts.

One idea: what says that a name follows, or that this is none, is a list. Words are folded: lower case, no accents.
"""

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "’": "'", "ə": "e"}
)


class _Folds(dict[int, str]):
    """What each character is folded to, by code point, as far as one was met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", _LETTERS.get(code, chr(code)))
        fold = self[code] = "".join(part for part in parts if not unicodedata.combining(part))
        return fold


_FOLDS = _Folds()


def folded(word: str) -> str:
    """The word in lower case, without accents; `José` and `JOSE` are one."""
    word = word.lower()
    return word if word.isascii() else word.translate(_FOLDS)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


# Small words inside a name: van der Berg, de la Cruz, bin Rashid, e Silva.
PARTICLES = _words(
    "van von vom de del della delle dei der den di da do dos das du la le el al bin ibn ben bint te ter ten zu zur af"
    " av y e i san abu"
)

# Before a name, never part of the finding; the short ones only with a dot.
TITLES = _words(
    "mr mrs ms miss mx dr doctor prof professor sir dame lord lady reverend brother judge justice captain colonel"
    " lieutenant sergeant detective nurse senator chancellor herr frau fraulein mme mlle madame monsieur mademoiselle"
    " maitre docteur professeur sra srta senor senora senorita doctora profesor signor signora signorina dott dottor"
    " dottore dottoressa senhor senhora"
)
SHORT_TITLES = _words("m me fr hr sr st ing mag dipl hon sig rev gen col maj capt lt sgt avv dra prof don dona")
ROLES = _words(
    "producer songwriter singer actor actress director manager president ceo cto cfo coach player chairman secretary"
    " treasurer spokesman spokeswoman spokesperson engineer analyst consultant agent driver author writer editor"
    " artist musician guitarist drummer painter poet lawyer attorney architect pilot chef accountant clerk inspector"
    " ambassador mayor governor minister user username sender recipient patient customer client employee contact"
    " attendee guest patientin kunde kundin mitarbeiter mitarbeiterin paciente cliente paziente"
)  # like titles: what stands before a name
VERBS = _words("m ll ve re d t")  # I'm, we'll: what follows is a run of its own
CONTRACTIONS = VERBS | {"s"}

# After a name, part of it when it stands in the same run.
GENERATIONS = _words("jr sr ii iii iv")
# What ends a run without being part of it: degrees, and what leads to a flat.
ENDS = _words(
    "md phd dds dvm rn esq mba cpa msc bsc ma ba frcs mrcp pa do od dc np apt apartment suite ste unit floor flat"
    " room box po building bldg"
)

# Streets that begin so: Calle Mayor. What follows is a street's name.
STREET_FIRST = _words(
    "calle avenida avda plaza paseo carrer camino viale piazza corso vicolo largo rua travesia rambla ronda boulevard"
)

# What a word is to the run it stands in.
SPECIAL = {
    word: kind
    for kind, words in (
        ("small", PARTICLES),
        ("short title", SHORT_TITLES),
        ("title", TITLES | ROLES),
        ("end", ENDS),
        ("generation", GENERATIONS),
        ("article", {"a", "i"}),
        ("street", STREET_FIRST),
    )
    for word in words
}

# Words of companies, institutions, streets, products: the run that holds one is rarely a person.
INSTITUTIONS = _words(
    "inc ltd llc llp plc gmbh ag kg ohg sa sas sarl srl spa bv nv oy ab corp corporation company co group holding"
    " holdings bank banco banca banque sparkasse trust fund capital partners partner associates consulting solutions"
    " systems services service technologies technology labs laboratories software media studios studio press news"
    " times post university universitat universidad universite universita college school academy institute institut"
    " instituto hospital klinik clinic clinica clinique medical health healthcare center centre pharmacy pharma"
    " church cathedral museum library foundation society association union council committee department ministry"
    " agency office bureau court police airport airlines airways railway station hotel restaurant cafe bar club"
    " stadium arena theatre theater park league cup award prize act bill law team brothers sons industries"
    " international national federal store stores market markets foods energy electric motors insurance financial"
    " securities investments properties estates records entertainment network networks digital cloud data online web"
    " gazette tribune herald band orchestra enterprises ventures logistics dynamics robotics pharmaceuticals traders"
    " trading controls supplies packaging"
)
STREETS = _words(
    "street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl square sq terrace way parkway"
    " pkwy highway hwy circle crescent close row walk gate bridge hill hills mount mountain river lake valley island"
    " islands beach bay creek springs falls forest county city town village township district province state north"
    " south east west northern southern eastern western upper lower old new port fort cape saint santa san ste rue"
    " allee chemin route quai cours impasse calle avenida avda plaza paseo carrer camino via viale piazza corso"
    " vicolo largo strasse str platz weg gasse ring damm ufer straat laan plein ul ulica apt suite unit floor po box"
    " u utca rua avda av cite loop pass bypass trail cliff cliffs green greens flat flats point cove coves park parks"
    " ferry ford forge fork glen grove harbor haven heights key knoll landing lock manor meadow mews mill mission"
    " motorway orchard path pike pine plain plains ranch ridge run shoal shore skyway spur stravenue summit track"
    " turnpike union via vista well wells boulevard calle estate gardens gate house uss usns uscgc usnv fpo apo psc"
)
DAYS = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat"
    " sun montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober"
    " dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril juin juillet aout"
    " septembre octobre novembre decembre lunes martes miercoles jueves viernes sabado domingo enero febrero marzo"
    " abril mayo junio julio agosto septiembre octubre noviembre diciembre lunedi martedi mercoledi giovedi venerdi"
    " sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre easter christmas"
)
THINGS = _words(
    "a i an royal princess prince queen king lord saint merry happy order orders invoice payment account customer"
    " patient client user number id code date time name address email phone mobile fax street city country zip state"
    " status type total amount price subject message body text note notes request response error warning info debug"
    " thank thanks dear hello hi hey regards sincerely best kind please the this that these those there here what"
    " when where which who why how and but for not are was were you your our my his her its their we they she he it"
    " if in on at by to from with of as is be has have had will would can could should may might must do does did no"
    " yes ok all any some each every new old first last next previous today tomorrow yesterday version release update"
    " product products item items model pro plus max mini ultra edition premium standard basic customers delivery"
    " shipping tracking package parcel box card credit debit visa mastercard american express insurance policy claim"
    " case ticket reference ref contract report summary details description title page section apple google microsoft"
    " amazon facebook twitter oracle adobe samsung sony nokia intel cisco dell paypal stripe windows linux android"
    " iphone ipad macbook chrome firefox java python javascript docker kubernetes postgres mysql aws azure french"
    " german english spanish italian american british canadian australian european chinese japanese indian disease"
    " syndrome test blood heart lung cancer diabetes fever tablet capsule injection mg vitamin api http https url"
    " json xml html sql der die das ein eine und oder ist mit fur von zum zur im am sehr geehrte geehrter sehr liebe"
    " lieber hallo le la les un une et est avec pour chez bonjour cher chere merci el los las una por con para"
    " estimado estimada hola querido querida gracias il lo gli uno con per ciao gentile caro cara egregio grazie"
)

# Names that are brands and places, whoever bore them.
BRANDS = _phrases(
    "calvin klein,ralph lauren,louis vuitton,tommy hilfiger,hugo boss,harley davidson,mercedes benz,john deere"
    ",jack daniels,johnnie walker,earl grey,jim beam,ben sherman,ted baker,jack wolfskin,thomas cook,morgan stanley"
    ",charles schwab,merrill lynch,jp morgan,wells fargo,ernst young,baker hughes,smith wesson,johnson johnson"
    ",marks spencer,john lewis,austin martin,alfa romeo,jimmy choo,kate spade,michael kors,marc jacobs,giorgio armani"
    ",christian dior,yves rocher,calvin klein jeans,stella artois,captain morgan,papa john,tim hortons,santa claus"
    ",jane doe ltd"
)

# How a key ends whose value is a person: "patientName", "customer", "full_name".
KEYS = tuple(
    sorted(
        _phrases(
            "name,patient,customer,client,employee,employer,contact,recipient,sender,beneficiary,holder,cardholder,owner"
            ",author,doctor,physician,nurse,member,passenger,student,guardian,applicant,nombre,nom,paciente,cliente,kunde"
            ",mitarbeiter,vorname,nachname,prenom,apellido,apellidos,cognome,paziente,signed,by,from,to,cc,user,person,attn"
        )
    )
)

# The word just before a run that says a person follows, or that none does.
BEFORE = _words(
    "name named called patient customer client employee employer user contact by with dear hi hello hey thanks"
    " regards sincerely cheers from signed author attn attention mr mrs ms dr prof sir miss meet met told asked said"
    " wife husband son daughter mother father brother sister colleague friend doctor nurse teacher manager director"
    " ceo president i'm am is was that's nom nombre paciente patiente kunde herr frau name's recipient sender"
    " beneficiary holder owner guardian applicant member passenger student instructor physician surgeon and married"
    " starring featuring producer singer writer actor actress artist player senator judge sra sr"
)
PLACED = _words(
    "in at near into across around via toward towards outside inside visit visiting visited university city town lake"
    " river mount street use using uses install bought buy order ordered"
)
ARTICLES = _words("the a an our this that your my his her their its any each every no")
LEADING = {
    word: kind
    for kind, words in (
        ("placed", PLACED),
        ("cue", BEFORE),
        ("article", ARTICLES),
        ("street", STREETS),
        ("title", TITLES),
    )
    for word in words
}

# The word just after a run that says the run is a person, or that it is none.
AFTER = _words(
    "said says told asked was is has lives lived born works called wrote will who can would should had and age aged"
    " died married joined signed paid ordered requested needs wants visited complained visits reported"
)
