"""What needs no cloud around it: names in errors, members of shapes, and pages over chapters of a history."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import asl, jackson
from freehold.engines.sdk import shapes
from freehold.services.states import executions
from freehold.services.states.executions import Chapter, Execution
from freehold.services.states.integrations.refusals import java_name
from freehold.services.states.machines import Settings

JAVA = {"DynamoDB": "DynamoDb", "SFN": "Sfn", "S3": "S3", "Secrets Manager": "SecretsManager", "SQS": "Sqs"}


@pytest.mark.parametrize(("service_id", "name"), JAVA.items())
def test_names_of_the_java_sdk(service_id, name):
    assert java_name(service_id) == name


def test_a_text_may_stand_for_an_attribute_value():
    model, plain = shapes.model("dynamodb"), {"AttributeValue": "S"}
    use = model.operations["PutItem"].input
    given_ = {"Item": {"id": "one", "tags": {"L": ["a", {"N": 1}]}}}
    assert model.fit(use, given_, plain) == {"Item": {"id": {"S": "one"}, "tags": {"L": [{"S": "a"}, {"N": "1"}]}}}
    with pytest.raises(shapes.Unfit, match='a structure is due where there is "one"'):
        model.fit(use, given_)


def test_members_are_found_by_any_case_and_strangers_dropped():
    model = shapes.model("stepfunctions")
    use = model.operations["StartExecution"].input
    given_ = {"StateMachineArn": "arn", "Input": {"a": 1}, "Stranger": True}
    assert model.fit(use, given_) == {"stateMachineArn": "arn", "input": '{"a":1}'}
    output = model.operations["StartExecution"].output
    assert model.tell(output, {"executionArn": "arn", "startDate": 0.5}) == {
        "ExecutionArn": "arn",
        "StartDate": "1970-01-01T00:00:00.500Z",
    }


names = (f"run-{number}" for number in count())


@settings(max_examples=25, deadline=None)
@given(chapters=st.lists(st.integers(1, 5), max_size=8), size=st.integers(1, 6), reverse=st.booleans())
def test_pages_of_a_history_add_up_to_all_of_it(cloud, chapters, size, reverse):
    def work(tx):
        settings_ = Settings(digest="", role_arn="", logging={}, tracing={})
        execution = Execution(
            machine="m", name=next(names), machine_id="1", kind="STANDARD", settings=settings_, started_at=0.0,
            state=asl.State(input="{}", context="{}"),
        )  # fmt: skip
        ids = list(range(1, sum(chapters) + 1))
        for length in chapters:
            first = ids[sum(len(one.events) for one in tx.range(Chapter, "m", execution.name))]
            executions.write(tx, execution, [{"id": first + step} for step in range(length)])
        found, after = [], 0
        while page := executions.history(tx, execution, after, size, reverse):
            found += [event["id"] for event in page]
            after = found[-1]
        assert found == (ids[::-1] if reverse else ids)

    cloud.run(cloud.cloud.door.call("111122223333", "us-east-1").transact(work))


VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
FAULTS = [
    ("not JSON", f"Unrecognized token 'not': was expecting {VALUES}"),
    ("{'a': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
    ('{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"),
    ('{"a": 1 "b"}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"),
    ('{"a": [1 2]}', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
    ('{"a": }', f"Unexpected character ('}}' (code 125)): expected a valid value {VALUES}"),
    ("{", "Unexpected end-of-input"),
    ('{"a": "b', "Unexpected end-of-input"),
    ('{"NaN": NaN}', f"Unrecognized token 'NaN': was expecting {VALUES}"),
]


@pytest.mark.parametrize(("text", "words"), FAULTS)
def test_what_is_no_json_is_refused_in_the_words_of_jackson(text, words):
    assert jackson.fault(text) == words
