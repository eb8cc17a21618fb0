"""How addresses are written in the eight countries: tables of words. It may not know texts.

One idea: where the number stands, how streets are called, how postal codes look and on which side of them the town
stands is each country's row. Words are in lower case, without their dots.

https://www.upu.int/en/Postal-Solutions/Programmes-Services/Addressing-Solutions (addressing systems by country)
"""

from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


ENGLISH = _words(
    "alley aly avenue ave av bend boulevard blvd branch bridge brook bypass byway causeway circle cir circuit cct"
    " close cl common commons corner court ct cove crescent cres crossing dale drive dr end esplanade esp expressway"
    " expy field fields freeway fwy gardens gdns gate glade glen green grove heights hts highway hwy hill hills"
    " island junction key knoll lake landing lane ln lodge loop mall manor meadow meadows mews mill mount motorway"
    " orchard oval parade pde park parkway pkwy pass passage path pike place pl plain plaza plz point pt port"
    " promenade quay ranch reach rest ridge rise road rd route row run shore skyway spring springs square sq station"
    " street st summit terrace ter tce trace track trail trl turnpike union valley view vista walk way well wells"
    " wharf wynd yard broadway kingsway strand"
)
GERMAN = _words(
    "str strasse straße weg platz allee gasse ring damm ufer chaussee steig stieg pfad markt hof graben kamp wall tor"
    " brücke promenade"
)
GERMAN_ENDS = tuple(
    sorted(
        _phrases(
            "str,straße,strasse,weg,platz,allee,gasse,ring,damm,ufer,chaussee,steig,stieg,pfad,markt,hof,graben,kamp,wall,tor"
            ",brücke,promenade,berg,garten,feld,tal,wiese"
        )
    )
)
GERMAN_BEFORE = _words("alte alter neue neuer kleine kleiner große großer obere oberer untere unterer kolonie siedlung")
GERMAN_FIRST = _words("am an auf im in unter zum zur hinter vor alte alter neue neuer obere untere")
SPANISH = _words(
    "calle rua c/ c cl avenida avda av plaza pza pl paseo pso camino cno carretera ctra ronda travesía travesia rambla"
    " carrer glorieta pasaje vía cuesta urbanización urb callejón alameda bulevar passeig plaça avinguda rúa"
    " costanilla acceso cañada polígono"
)
ITALIAN = _words(
    "via viale v.le piazza p.zza p.za piazzale p.le corso c.so vicolo largo lungomare lungotevere lungarno contrada"
    " c.da strada borgo località loc salita rotonda galleria calle fondamenta campo vico circonvallazione"
)
FRENCH = _words(
    "rue r avenue av boulevard bd bld boul place pl allée allee allées chemin che ch route rte quai cours impasse imp"
    " square sq passage faubourg fg sentier esplanade promenade résidence residence res lotissement cité cite villa"
    " hameau ruelle voie parc domaine zone za zi mail montée pont rond-point traverse venelle clos"
)
DIRECTIONS = _words("n s e w ne nw se sw north south east west northeast northwest southeast southwest")
UNITS = _words("apt apartment suite ste unit floor fl flat room rm lot bldg building level shop house # no")
REPEATED = _words("bis ter quater b t")  # a second house of the same number, in France

STATES = _words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP AA AE AP"
)
STATE_NAMES = _phrases(
    "alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,georgia,hawaii,idaho,illinois"
    ",indiana,iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri"
    ",montana,nebraska,nevada,new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma"
    ",oregon,pennsylvania,rhode island,south carolina,south dakota,tennessee,texas,utah,vermont,virginia,washington"
    ",west virginia,wisconsin,wyoming,district of columbia"
)
PROVINCES = _words("AB BC MB NB NL NS NT NU ON PE QC PQ SK YT")
PROVINCE_NAMES = _phrases(
    "alberta,british columbia,manitoba,new brunswick,newfoundland and labrador,nova scotia,ontario"
    ",prince edward island,quebec,québec,saskatchewan,yukon,nunavut,northwest territories"
)
TERRITORIES = _words("NSW VIC QLD WA SA TAS ACT NT Vic Qld Tas")
TERRITORY_NAMES = frozenset(
    [
        "new south wales",
        "victoria",
        "queensland",
        "western australia",
        "south australia",
        "tasmania",
        "australian capital territory",
        "northern territory",
    ]
)
TERRITORY_ENDS = frozenset(name.split()[-1] for name in TERRITORY_NAMES)


class Region(NamedTuple):
    """The parts of a country that stand beside its towns: as letters, as names; whether one must."""

    letters: frozenset[str]
    names: frozenset[str]
    needed: bool = False


# Where the town stands before the postal code.
REGIONS = {
    "US": Region(STATES, STATE_NAMES),
    "CA": Region(PROVINCES, PROVINCE_NAMES),
    "AU": Region(TERRITORIES, TERRITORY_NAMES, needed=True),
    "GB": Region(frozenset(), frozenset()),
}

# Where it stands behind it: number and street in France, street and number in Spain, Italy and Germany.
NUMBER_FIRST = FRENCH
NUMBER_LAST = SPANISH | ITALIAN

ARTICLES = _words("le la les el los las l' san santa sankt saint st bad sant sao san sainte são")

# Small words inside the names of towns.
JOINTS = _words(
    "i next am an der im in ob bei den sur en de la le les del della di do da d l al el upon on by the of and under"
    " lès sous"
    " los las"
)

NATIONS = (
    "USA|U\\.S\\.A\\.|United States of America|United States|US|Canada|UK|U\\.K\\.|United Kingdom|England|Scotland"
    "|Wales|Great Britain|Australia|Germany|Deutschland|Spain|España|France|Italy|Italia"
    "|Frankreich|Spanien|Italien|Allemagne"
)
