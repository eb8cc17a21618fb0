"""Delivery policies of HTTP endpoints: when they are asked again, how fast they are told, and what may be wished."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, Queue
from threading import Thread
from urllib.request import urlopen

import pytest
from tests.services.sns.conftest import Talk

from freehold.kernel.deliveries import Delivery


@pytest.fixture
def site():
    """An HTTP endpoint that fails with 503 while `failing`: its address, and the types of what it was sent."""
    got = Queue()

    class Endpoint(BaseHTTPRequestHandler):
        failing = False

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(503 if Endpoint.failing and body["Type"] == "Notification" else 200)
            self.end_headers()
            got.put(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got, Endpoint
    server.shutdown()
    server.server_close()


def subscribed(aws, site, **policy):
    """A topic that tells the site."""
    address, got, _ = site
    topic = Talk(aws, "news")
    topic.subscribe("http", address, DeliveryPolicy=json.dumps(policy))
    urlopen(got.get(timeout=20)["SubscribeURL"]).close()
    return topic


def nothing(got):
    with pytest.raises(Empty):
        got.get_nowait()


def until_put_off(aws, attempts):
    """Wait until so many failures of the one delivery are written down."""

    async def known():
        call = aws.running.cloud.door.call(aws.account, aws.region)
        return await call.transact(lambda tx: [one.attempts for one in tx.range(Delivery)])

    while aws.running.run(known()) != [attempts]:
        pass


def test_an_endpoint_is_asked_again_phase_by_phase(own_cloud, site):
    retries = {
        "numRetries": 3,
        "numNoDelayRetries": 1,
        "numMinDelayRetries": 1,
        "numMaxDelayRetries": 1,
        "minDelayTarget": 100,
        "maxDelayTarget": 1_000,
    }
    topic = subscribed(own_cloud, site, healthyRetryPolicy=retries)
    _, got, endpoint = site
    endpoint.failing = True
    topic.publish("a")
    for attempt, seconds in enumerate((0, 0, 100, 1_000)):
        if seconds:
            until_put_off(own_cloud, attempt)
            nothing(got)
            own_cloud.advance(seconds)
        assert got.get(timeout=20)["Message"] == "a"


def test_an_endpoint_is_told_no_faster_than_it_wishes(own_cloud, site):
    topic = subscribed(own_cloud, site, throttlePolicy={"maxReceivesPerSecond": 1})
    _, got, _ = site
    for message in "abc":
        topic.publish(message)
    assert got.get(timeout=20)["Message"] == "a"
    for message in "bc":
        nothing(got)
        own_cloud.advance(1)
        assert got.get(timeout=20)["Message"] == message


WHOLE = {"numRetries": 3, "minDelayTarget": 1, "maxDelayTarget": 2}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"healthyRetryPolicy": {"numRetries": 3}}, "healthyRetryPolicy.minDelayTarget must be specified"),
        ({"healthyRetryPolicy": WHOLE | {"minDelayTarget": 0}}, "minDelayTarget must be greater than or equal to 1"),
        ({"healthyRetryPolicy": WHOLE | {"numRetries": 101}}, "numRetries must be less than or equal to 100"),
        ({"healthyRetryPolicy": WHOLE | {"minDelayTarget": 3}}, "maxDelayTarget must be greater than or equal to"),
        ({"healthyRetryPolicy": WHOLE | {"numNoDelayRetries": 4}}, "numRetries must be greater than or equal to"),
        ({"healthyRetryPolicy": WHOLE | {"backoffFunction": "steep"}}, "backoffFunction must be one of"),
        ({"throttlePolicy": {"maxReceivesPerSecond": 0}}, "maxReceivesPerSecond must be greater than or equal to 1"),
        ({"http": {}}, "Unexpected JSON member: http"),
    ],
)
def test_what_may_be_wished(talk, refused, policy, words):
    topic = talk()
    with refused("InvalidParameter", words):
        topic.subscribe("http", "http://example.com", DeliveryPolicy=json.dumps(policy))
