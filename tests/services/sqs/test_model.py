"""A queue beside a model of it that a reader can check: lists and comparisons."""

from itertools import count, takewhile

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from freehold.kernel.clock import Clock
from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.kernel.store import Seat
from freehold.services.sqs import fair, messages, queues, receipts
from freehold.services.sqs.contents import Draft
from freehold.stores.sqlite import SqliteStore

RETENTION_S, HIDDEN_S, GROUPS = 300, 30, "abc"


def machine(path, fifo, groups=GROUPS):
    """A machine over the nouns of one queue, under a clock of its own."""

    class Beside(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            path.unlink(missing_ok=True)
            self.store = SqliteStore(path, Bells(Clock(frozen=True)))
            self.ids, self.now, self.model, self.held = Ids(7), 1_000_000.0, {}, {}
            self.name, self.names = "q.fifo" if fifo else "q", count()
            self.do(lambda tx: queues.create(tx, self.name, {"MessageRetentionPeriod": str(RETENTION_S)}, {}))

        def do(self, work):
            return self.store.run(Seat("1" * 12, "us-east-1", self.now, self.ids, root("1" * 12)), work)

        def with_queue(self, work):
            return self.do(lambda tx: work(tx, queues.find(tx, self.name)))

        def alive(self):
            """The model's messages that are not too old: {body: [sent_at, visible_at, group]}, in the order sent."""
            return {body: at for body, at in self.model.items() if at[0] > self.now - RETENTION_S}

        @rule(delay=st.sampled_from([0, 0, 40]), group=st.sampled_from(groups))
        def send(self, delay, group):
            body = f"m{next(self.names)}"
            delay = 0 if fifo else delay
            draft = Draft(body, len(body), delay, group_id=group, dedup_id=body if fifo else "")
            self.with_queue(lambda tx, queue: messages.send(tx, queue, draft, self.now))
            self.model[body] = [self.now, self.now + delay, group]

        @rule(most=st.integers(1, 4))
        def receive(self, most):
            got = self.with_queue(lambda tx, queue: messages.receive(tx, queue, most, HIDDEN_S))
            bodies = [message.body for message in got]
            if fifo:
                assert bodies == self.ready()[:most]
            else:
                visible = {body for body, at in self.alive().items() if at[1] <= self.now}
                assert set(bodies) <= visible and len(set(bodies)) == min(most, len(visible))
            for message in got:
                self.model[message.body][1] = self.now + HIDDEN_S
                self.held[message.body] = self.with_queue(lambda tx, queue, it=message: receipts.handle(queue, it))

        def ready(self):
            """What a FIFO queue gives: of each group what is visible up to the first hidden one, first heads first."""
            groups = {}
            for body, (_, visible_at, group) in self.alive().items():
                groups.setdefault(group, []).append((visible_at, body))
            heads = sorted(groups.values(), key=lambda group: group[0][0])
            given = [takewhile(lambda message: message[0] <= self.now, group) for group in heads]
            return [body for group in given for _, body in group]

        def holding(self):
            """A message in flight and its newest handle."""
            return [body for body in self.held if body in self.alive() and self.model[body][1] > self.now]

        @precondition(holding)
        @rule(data=st.data())
        def delete(self, data):
            body = data.draw(st.sampled_from(self.holding()))
            self.with_queue(lambda tx, queue: messages.delete(tx, queue, self.held.pop(body)))
            del self.model[body]

        @precondition(holding)
        @rule(data=st.data(), seconds=st.sampled_from([0, 5, 60]))
        def hide(self, data, seconds):
            body = data.draw(st.sampled_from(self.holding()))
            self.with_queue(lambda tx, queue: messages.change_visibility(tx, queue, self.held[body], seconds))
            self.model[body][1] = self.now + seconds

        @rule(seconds=st.sampled_from([1, 10, 31, 100]))
        def wait(self, seconds):
            self.now += seconds

        @rule()
        def tell(self):
            counts = self.with_queue(messages.counts)
            alive = self.alive().values()
            assert counts["ApproximateNumberOfMessages"] == sum(at[1] <= self.now for at in alive)
            assert sum(counts.values()) == len(alive)

        def teardown(self):
            self.store.close()

    return Beside


RARELY = settings(max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))


def test_a_standard_queue_is_its_model(tmp_path):
    run_state_machine_as_test(machine(tmp_path / "standard.db", fifo=False, groups=("",)), settings=RARELY)


def test_a_fair_queue_is_its_model(tmp_path, monkeypatch):
    monkeypatch.setattr(fair, "FLYING_MIN", 2)
    run_state_machine_as_test(machine(tmp_path / "fair.db", fifo=False, groups=("", *GROUPS)), settings=RARELY)


def test_a_fifo_queue_is_its_model(tmp_path):
    run_state_machine_as_test(machine(tmp_path / "fifo.db", fifo=True), settings=RARELY)
