"""API destinations really call: with what opens them, at their rate, and again when they are told to."""

import base64
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from freehold.services.events.destinations import secrets

SOLD = {"source": ["shop"]}


class Shop:
    """Software of somebody else: answers with `answers` in turn, then 200; /token gives tokens."""

    def __init__(self):
        self.seen, self.answers, self.tokens = [], [], 0
        shop = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                shop.seen.append((self.command, self.path, dict(self.headers), body))
                if self.path.startswith("/token"):
                    self._token()
                    return
                status, headers = shop.answers.pop(0) if shop.answers else (200, {})
                if "together" in headers:
                    headers["together"].wait(20)
                    headers = {}
                self.send_response(status)
                for name, value in {"content-length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            do_PUT = do_GET = do_POST

            def _token(self):
                shop.tokens += 1
                told = json.dumps({"access_token": f"t{shop.tokens}", "expires_in": 3600}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def calls(self, count, tokens=False):
        """The requests so far, when there are so many."""
        while True:
            found = [one for one in self.seen if one[1].startswith("/token") == tokens]
            if len(found) >= count:
                return found


@pytest.fixture
def shop():
    shop = Shop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "k"}}


def oauth(shop):
    return {
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
            "AuthorizationEndpoint": shop.url + "/token",
            "HttpMethod": "POST",
            "OAuthHttpParameters": {"BodyParameters": [{"Key": "audience", "Value": "shop"}]},
        }
    }


def destination(town, shop, kind, auth, path="/in", may=True, **more):
    """Events of the shop go to its own address."""
    connection = town.events.create_connection(Name="c", AuthorizationType=kind, AuthParameters=auth)["ConnectionArn"]
    told = {"HttpMethod": "POST", "InvocationEndpoint": shop.url + path} | more.pop("own", {})
    arn = town.events.create_api_destination(Name="d", ConnectionArn=connection, **told)["ApiDestinationArn"]
    allowed = {"Effect": "Allow", "Action": "events:InvokeApiDestination", "Resource": arn}
    role = town.aws.role("caller", "events.amazonaws.com", *([allowed] if may else ()))
    town.rule("sold", SOLD, {"Id": "d", "Arn": arn, "RoleArn": role, **more})
    return arn


def test_basic_authorization_and_parameters(town, shop):
    http = {
        "HeaderParameters": [{"Key": "x-own", "Value": "1"}, {"Key": "x-both", "Value": "connection"}],
        "QueryStringParameters": [{"Key": "q", "Value": "a b", "IsValueSecret": True}],
        "BodyParameters": [{"Key": "token", "Value": "s", "IsValueSecret": True}],
    }
    destination(
        town, shop, "BASIC", BASIC | {"InvocationHttpParameters": http}, path="/in/*/of/*?v=1",
        InputPath="$.detail",
        HttpParameters={
            "PathParameterValues": ["a/b", "c"],
            "HeaderParameters": {"x-both": "target", "x-rule": "2"},
            "QueryStringParameters": {"r": "3"},
        },
    )  # fmt: skip
    shown = town.events.describe_connection(Name="c")["AuthParameters"]
    assert shown["BasicAuthParameters"] == {"Username": "u"}
    assert shown["InvocationHttpParameters"]["QueryStringParameters"] == [{"Key": "q", "IsValueSecret": True}]
    town.put({"n": 1})
    ((method, path, headers, body),) = shop.calls(1)
    assert (method, path) == ("POST", "/in/a%2Fb/of/c?v=1&r=3&q=a+b")
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"u:p").decode()
    assert (headers["x-own"], headers["x-both"], headers["x-rule"]) == ("1", "connection", "2")
    assert headers["User-Agent"] == "Amazon/EventBridge/ApiDestinations"
    assert json.loads(body) == {"n": 1, "token": "s"}


def test_a_role_that_may_not_call_the_destination(town, shop):
    dead, dead_arn = town.queue("dead")
    destination(town, shop, "BASIC", BASIC, may=False, DeadLetterConfig={"Arn": dead_arn})
    town.put()
    told = town.heard(dead)[0]["MessageAttributes"]
    assert told["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS" and not shop.seen


def test_a_key_and_what_is_refused(town, shop):
    dead, dead_arn = town.queue("dead")
    shop.answers = [(400, {})]
    destination(town, shop, "API_KEY", KEY, DeadLetterConfig={"Arn": dead_arn})
    town.put()
    told = town.heard(dead)[0]["MessageAttributes"]
    assert told["ERROR_CODE"]["StringValue"] == "SDK_CLIENT_ERROR"
    assert told["ERROR_MESSAGE"]["StringValue"].endswith("responded with a status code 400")
    assert "RETRY_ATTEMPTS" not in told
    assert [headers["x-key"] for _, _, headers, _ in shop.calls(1)] == ["k"]


def test_what_may_be_sent_again_is(own_town, shop):
    town = own_town
    dead, dead_arn = town.queue("dead")
    shop.answers = [(500, {}), (429, {"Retry-After": "600"}), (409, {})]
    policy = {"RetryPolicy": {"MaximumRetryAttempts": 2}, "DeadLetterConfig": {"Arn": dead_arn}}
    destination(town, shop, "API_KEY", KEY, **policy)
    town.put()
    shop.calls(1)
    while len(shop.seen) < 2:
        town.aws.advance(5)
    for _ in range(10):
        town.aws.advance(5)
    assert len(shop.seen) == 2
    town.aws.advance(600)
    told = town.heard(dead)[0]["MessageAttributes"]
    assert told["EXHAUSTED_RETRY_CONDITION"]["StringValue"] == "MaximumRetryAttempts"
    assert told["RETRY_ATTEMPTS"]["StringValue"] == "2" and len(shop.seen) == 3


def test_an_event_grows_too_old(own_town, shop):
    town = own_town
    dead, dead_arn = town.queue("dead")
    shop.answers = [(503, {"Retry-After": "120"})] * 3
    policy = {"RetryPolicy": {"MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": dead_arn}}
    destination(town, shop, "API_KEY", KEY, **policy)
    town.put()
    shop.calls(1)
    while not (found := town.heard(dead, wait=0)):
        town.aws.advance(30)
    told = found[0]["MessageAttributes"]
    assert told["EXHAUSTED_RETRY_CONDITION"]["StringValue"] == "MaximumEventAgeInSeconds"


def test_oauth_client_credentials(own_town, shop):
    town = own_town
    destination(town, shop, "OAUTH_CLIENT_CREDENTIALS", oauth(shop))
    assert town.events.describe_connection(Name="c")["ConnectionState"] == "AUTHORIZING"
    assert town.events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    town.aws.advance(3)
    ((_, _, _, body),) = shop.calls(1, tokens=True)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert form == {
        "grant_type": "client_credentials", "client_id": "id", "client_secret": "secret", "audience": "shop",
    }  # fmt: skip
    while town.events.describe_connection(Name="c")["ConnectionState"] != "AUTHORIZED":
        pass
    assert town.events.describe_api_destination(Name="d")["ApiDestinationState"] == "ACTIVE"
    shop.answers = [(401, {})]
    town.put()
    shop.calls(1)
    while len(shop.calls(1)) < 2:
        town.aws.advance(1)
    assert [headers["Authorization"] for _, _, headers, _ in shop.calls(2)] == ["Bearer t1", "Bearer t2"]


def test_an_oauth_server_that_gives_no_token(own_town, shop):
    town = own_town
    parameters = {
        "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
        "AuthorizationEndpoint": shop.url + "/elsewhere",
        "HttpMethod": "GET",
    }
    shop.answers = [(403, {})] * 9
    town.events.create_connection(
        Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS", AuthParameters={"OAuthParameters": parameters}
    )
    while (told := town.events.describe_connection(Name="c"))["ConnectionState"] == "AUTHORIZING":
        town.aws.advance(5)
    assert told["ConnectionState"] == "DEAUTHORIZED" and "403" in told["StateReason"]


def test_events_are_sent_at_a_destinations_rate(own_town, shop):
    town = own_town
    destination(town, shop, "API_KEY", KEY, own={"InvocationRateLimitPerSecond": 1})
    entries = [{"Source": "shop", "DetailType": "sold", "Detail": "{}"}] * 5
    town.events.put_events(Entries=entries)
    shop.calls(1)
    town.aws.advance(1.5)
    shop.calls(2)
    assert len(shop.seen) == 2
    town.aws.advance(10)  # as if nothing ran for a while: what is late goes out at the rate, too
    shop.calls(3)
    for count in (3, 4, 5):
        assert len(shop.calls(count)) == count
        town.aws.advance(1)


def test_one_token_is_asked_for_however_many_want_it(own_town, shop):
    """Twelve calls are refused at once, and tried again at once."""
    town, together = own_town, threading.Barrier(12)
    destination(town, shop, "OAUTH_CLIENT_CREDENTIALS", oauth(shop))
    town.aws.advance(3)
    while town.events.describe_connection(Name="c")["ConnectionState"] != "AUTHORIZED":
        pass
    shop.answers = [(401, {"together": together})] * 12
    town.events.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}] * 10)
    town.events.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}] * 2)
    while len(shop.calls(1)) < 24:
        town.aws.advance(1)
    shown = Counter(headers["Authorization"] for _, _, headers, _ in shop.calls(24))
    assert shown == {"Bearer t1": 12, "Bearer t2": 12}
    assert shop.tokens == 2


def test_values_of_the_event_are_parameters(town, shop, refused):
    http = {
        "PathParameterValues": ["$.detail.case", "$.detail.n"],
        "HeaderParameters": {"x-kind": "$.detail-type", "x-price": "$5"},
        "QueryStringParameters": {"none": "$.detail.none", "all": "$.detail.all"},
    }
    arn = destination(town, shop, "API_KEY", KEY, path="/in/*/*", HttpParameters=http, InputPath="$.detail.n")
    town.put({"case": "a/1", "n": 7, "all": ["x"]})
    ((_, path, headers, body),) = shop.calls(1)
    assert path == "/in/a%2F1/7?none=&all=%5B%22x%22%5D"
    assert (headers["x-kind"], headers["x-price"], body) == ("sold", "$5", b"7")
    with refused("ValidationException", "Invalid JsonPath $.detail[ for target d."):
        wrong = {"Id": "d", "Arn": arn, "RoleArn": "arn:aws:iam::1:role/x"}
        wrong["HttpParameters"] = {"PathParameterValues": ["$.detail["]}
        town.events.put_targets(Rule="sold", Targets=[wrong])


def test_connections_and_destinations_are_made_changed_and_removed(town, refused):
    made = town.events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=BASIC)
    told = town.events.describe_connection(Name="c")
    assert (told["ConnectionArn"], told["ConnectionState"]) == (made["ConnectionArn"], "AUTHORIZED")
    assert told["SecretArn"].startswith(
        f"arn:aws:secretsmanager:us-east-1:{town.aws.account}:secret:events!connection/c/"
    )
    with refused("ResourceAlreadyExistsException", "Connection c already exists."):
        town.events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=BASIC)
    with refused("ValidationException", "ApiKeyAuthParameters"):
        town.events.create_connection(Name="e", AuthorizationType="API_KEY", AuthParameters=BASIC)
    town.events.update_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=KEY)
    told = town.events.describe_connection(Name="c")
    assert told["AuthParameters"] == {"ApiKeyAuthParameters": {"ApiKeyName": "x-key"}}
    asked = {"ConnectionArn": made["ConnectionArn"], "InvocationEndpoint": "https://a.example/", "HttpMethod": "PUT"}
    town.events.create_api_destination(Name="d", **asked)
    town.events.update_api_destination(Name="d", InvocationRateLimitPerSecond=7, Description="x")
    told = town.events.describe_api_destination(Name="d")
    assert (told["InvocationRateLimitPerSecond"], told["Description"], told["HttpMethod"]) == (7, "x", "PUT")
    listed = town.events.list_api_destinations(ConnectionArn=made["ConnectionArn"])["ApiDestinations"]
    assert [one["Name"] for one in listed] == ["d"]
    with refused("ValidationException"):
        town.events.create_api_destination(Name="e", **asked | {"ConnectionArn": made["ConnectionArn"] + "0"})
    assert town.events.deauthorize_connection(Name="c")["ConnectionState"] == "DEAUTHORIZING"
    assert town.events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    assert [one["Name"] for one in town.events.list_connections(ConnectionState="DEAUTHORIZED")["Connections"]] == ["c"]
    town.events.delete_api_destination(Name="d")
    assert town.events.delete_connection(Name="c")["ConnectionState"] == "DELETING"
    with refused("ResourceNotFoundException", "An api-destination 'd' does not exist."):
        town.events.describe_api_destination(Name="d")
    with refused("ResourceNotFoundException", "Connection 'c' does not exist."):
        town.events.describe_connection(Name="c")


def test_an_api_of_this_cloud_is_a_target(town, aws):
    api, dead = aws("apigateway"), town.queue("dead")
    id = api.create_rest_api(name="a")["id"]
    root = api.get_resources(restApiId=id)["items"][0]["id"]
    place = {"restApiId": id, "resourceId": root, "httpMethod": "POST"}
    api.put_method(**place, authorizationType="NONE", requestParameters={"method.request.querystring.ok": True})
    answers = '{"statusCode": #if($input.params("ok") == "yes")200#{else}418#end}'
    api.put_integration(**place, type="MOCK", requestTemplates={"application/json": answers})
    for status, more in (("200", {}), ("418", {"selectionPattern": "418"})):
        api.put_method_response(**place, statusCode=status)
        api.put_integration_response(**place, statusCode=status, **more)
    api.create_deployment(restApiId=id, stageName="p")
    arn = f"arn:aws:execute-api:us-east-1:{aws.account}:{id}/p/POST/"
    letters = {"DeadLetterConfig": {"Arn": dead[1]}}
    for name, ok in (("good", "yes"), ("bad", "no")):
        http = {"QueryStringParameters": {"ok": ok}}
        town.rule(name, {"detail": {"to": [name]}}, {"Id": "1", "Arn": arn, "HttpParameters": http, **letters})
    town.put({"to": "good"})
    town.put({"to": "bad"})
    (letter,) = town.heard(dead[0])
    assert json.loads(letter["Body"])["detail"] == {"to": "bad"}
    assert letter["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"].endswith("status code 418")


def test_a_secret_is_a_connections_parameters_in_other_words():
    by_token = {
        "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
        "AuthorizationEndpoint": "https://a.example/",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {"BodyParameters": [{"Key": "k", "Value": "v", "IsValueSecret": True}]},
    }
    invocation = {"InvocationHttpParameters": {"HeaderParameters": [{"Key": "k", "Value": "v"}]}}
    kinds = {"BASIC": BASIC, "API_KEY": KEY, "OAUTH_CLIENT_CREDENTIALS": {"OAuthParameters": by_token}}
    for kind, auth in kinds.items():
        for whole in (auth, auth | invocation):
            assert secrets.read(kind, secrets.written(kind, whole)) == whole
    assert json.loads(secrets.written("BASIC", BASIC)) == {"username": "u", "password": "p"}


def test_secrets_lie_in_secrets_manager(town, shop):
    if "secretsmanager" not in town.aws.running.cloud.door.rooms:
        pytest.skip("no room for secrets")
    destination(town, shop, "BASIC", BASIC)
    manager = town.aws("secretsmanager")
    arn = town.events.describe_connection(Name="c")["SecretArn"]
    assert json.loads(manager.get_secret_value(SecretId=arn)["SecretString"]) == {"username": "u", "password": "p"}
    changed = {"BasicAuthParameters": {"Username": "v", "Password": "q"}}
    town.events.update_connection(Name="c", AuthParameters=changed)
    assert json.loads(manager.get_secret_value(SecretId=arn)["SecretString"]) == {"username": "v", "password": "q"}
    town.put()
    ((_, _, headers, _),) = shop.calls(1)
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"v:q").decode()
    town.events.delete_connection(Name="c")
    while any(one["ARN"] == arn for one in manager.list_secrets()["SecretList"]):
        pass
