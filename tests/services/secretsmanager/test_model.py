"""Labels and versions beside a model of them that a reader can check."""

from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from freehold.kernel.clock import Clock
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.kernel.store import Seat
from freehold.services.secretsmanager import secrets
from freehold.services.secretsmanager.secrets import CURRENT, PENDING, PREVIOUS, Named, Secret, Version
from freehold.stores.sqlite import SqliteStore

LABELS = (CURRENT, PENDING, "mine", "yours")


def machine(path):
    class Beside(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            path.unlink(missing_ok=True)
            self.store = SqliteStore(path, Bells(Clock(frozen=True)))
            self.names, self.stages, self.versions = count(), {}, []
            self.do(lambda tx: tx.put(Secret(name="s", suffix="abcdef", created_at=0.0, changed_at=0.0)))

        def do(self, work):
            return self.store.run(Seat("1" * 12, "us-east-1", 1.0, Ids(7), root("1" * 12)), work)

        def with_secret(self, work):
            return self.do(lambda tx: work(tx, secrets.find(Named(tx, "s"))))

        def placed(self, label, id):
            """Where a label goes in the model; who was current is previous now, and pending no longer."""
            before = self.stages.get(label)
            self.stages[label] = id
            if label == CURRENT and before not in (None, id):
                self.stages[PREVIOUS] = before
                if self.stages.get(PENDING) == before:
                    del self.stages[PENDING]

        @rule(labels=st.lists(st.sampled_from(LABELS), min_size=1, unique=True))
        def put(self, labels):
            id = f"v{next(self.names)}"
            made = Version(secret="s-abcdef", id=id, created_at=1.0, binary=False, sealed=b"", data_key=b"")
            self.with_secret(lambda tx, secret: secrets.add_version(tx, secret, made, labels))
            self.versions.append(id)
            for label in labels if CURRENT in self.stages else [CURRENT, *labels]:
                self.placed(label, id)

        @rule(label=st.sampled_from(LABELS), data=st.data())
        def move(self, label, data):
            known = st.sampled_from([None, *self.versions])
            from_, to = data.draw(known), data.draw(known)
            on = self.stages.get(label)
            fine = (from_ == on if from_ else on in (None, to)) and (to or label != CURRENT)
            try:
                self.with_secret(lambda tx, secret: secrets.move(tx, secret, label, from_, to))
            except AwsError:
                assert not fine
                return
            assert fine
            if to:
                self.placed(label, to)
            else:
                self.stages.pop(label, None)

        @invariant()
        def labels_are_where_the_model_has_them(self):
            assert self.with_secret(lambda tx, secret: secret.stages) == self.stages
            assert not self.versions or self.stages[CURRENT] in self.versions

        def teardown(self):
            self.store.close()

    return Beside


def test_labels_are_as_the_model_says(tmp_path):
    relaxed = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine(tmp_path / "db"), settings=relaxed)
