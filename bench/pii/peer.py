"""Microsoft Presidio over texts: run by the interpreter it is installed in, JSON in and out.

One idea: every recogniser of the shared identifiers is switched on, with the best language model that PyPI has. It may
not import ours.

    python peer.py SITE-OF-THE-MODEL < texts.json > findings.json
"""

import inspect
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
WARM = 300  # texts read before any is timed


def analyzer(model: str):
    from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    engine = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    ).create_engine()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(nlp_engine=engine)
    known = {type(recognizer).__name__ for recognizer in registry.recognizers}
    for name in predefined_recognizers.__all__:
        kind = getattr(predefined_recognizers, name)
        shared = name.startswith(("Us", "Uk", "Ca", "De", "Es", "It", "Se", "Fi", "Nhs", "Medical"))
        if shared and name not in known and inspect.isclass(kind) and issubclass(kind, PatternRecognizer):
            registry.add_recognizer(kind(supported_language="en"))
    return AnalyzerEngine(registry=registry, nlp_engine=engine)


def main(model: str) -> None:
    engine = analyzer(model)
    texts = json.load(sys.stdin)
    for text in texts[:WARM]:
        engine.analyze(text, language="en")
    found, times = [], []
    for text in texts:
        start = time.process_time()
        results = engine.analyze(text, language="en")
        times.append(time.process_time() - start)
        found.append([[one.entity_type, one.start, one.end, one.score] for one in results])
    json.dump({"found": found, "times": times}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
