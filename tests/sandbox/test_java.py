"""The Java runtimes, by AWS's public runtime interface client: kinds of handlers, layouts of code, failures."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from freehold import cache
from freehold.sandbox import FunctionSpec
from freehold.sandbox.runtimes import javas

from .workshop import Workshop, said, texts

CLIENT = next(thing for thing in cache.THINGS if thing.folder == "java")
real = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not javas.javas() or not shutil.which("javac"), reason="no Java compiler on this machine"),
]

SOURCE = """
package demo;
import com.amazonaws.services.lambda.runtime.*;
import java.io.*;
import java.util.*;

public class Shop implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    public static class Stream implements RequestStreamHandler {
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            out.write("[\\"stream\\"]".getBytes());
        }
    }
    public static class Order {
        private String sku;
        public String getSku() { return sku; }
        public void setSku(String sku) { this.sku = sku; }
    }
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        context.getLogger().log("two\\nlines");
        Map<String, Object> answer = new HashMap<>();
        answer.put("event", event);
        answer.put("id", context.getAwsRequestId());
        answer.put("left", context.getRemainingTimeInMillis() > 1000);
        return answer;
    }
    public String sell(Order order) {
        System.out.println("printed");
        if (order.getSku() == null) throw new IllegalStateException("no sku");
        return "sold " + order.getSku();
    }
}
"""


@pytest.fixture(scope="session")
def client() -> Path:
    """The client's jars, fetched once for this user."""
    folder = cache.folder() / CLIENT.folder
    if not CLIENT.there():
        if not shutil.which("mvn"):
            pytest.skip("neither the Java client nor mvn is on this machine")
        cache.fetch(CLIENT)
    return folder


@pytest.fixture(scope="session")
def classes(client: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("java")
    (folder / "Shop.java").write_text(SOURCE)
    jars = ":".join(map(str, client.glob("aws-lambda-java-core-*.jar")))
    command = ["javac", "--release", "11", "-cp", jars, "-d", str(folder / "out"), str(folder / "Shop.java")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "out"


def java(workshop: Workshop, classes: Path | None, handler: str, runtime: str = "java17") -> FunctionSpec:
    spec = workshop.function({"x": ""}, runtime=runtime, handler=handler, memory_mb=512, timeout_s=60)
    if classes:
        shutil.copytree(classes, spec.code, dirs_exist_ok=True)
    return spec


class TestReal:
    """By a real virtual machine."""

    pytestmark = real

    @pytest.mark.parametrize("runtime", ["java8.al2", "java11", "java17", "java21", "java25"])
    def test_a_request_handler(self, workshop: Workshop, classes: Path, runtime: str) -> None:
        spec = java(workshop, classes, "demo.Shop", runtime)
        result = workshop.invoke(spec, {"a": 1}, cache=cache.folder(), init_max_s=60)
        assert said(result) == {"event": {"a": 1}, "id": "request-1", "left": True}
        assert "two\nlines" in texts(result)
        assert not [text for text in texts(result) if "WARNING" in text or "[cds]" in text]

    def test_a_plain_method_and_its_exception(self, workshop: Workshop, classes: Path) -> None:
        spec = java(workshop, classes, "demo.Shop::sell")
        result = workshop.invoke(spec, {"sku": "a-1"}, cache=cache.folder(), init_max_s=60)
        assert said(result) == "sold a-1" and "printed" in texts(result)
        failed = workshop.invoke(spec, {}, cache=cache.folder(), init_max_s=60)
        answer = said(failed)
        assert (failed.status, answer["errorType"]) == ("error", "java.lang.IllegalStateException")
        assert answer["errorMessage"] == "no sku" and answer["stackTrace"][0].startswith("demo.Shop.sell(")

    def test_a_stream_handler(self, workshop: Workshop, classes: Path) -> None:
        spec = java(workshop, classes, "demo.Shop$Stream::handleRequest")
        assert said(workshop.invoke(spec, {}, cache=cache.folder(), init_max_s=60)) == ["stream"]

    def test_jars_of_the_code_and_of_layers(self, workshop: Workshop, classes: Path) -> None:
        for place in ("lib/shop.jar", "java/lib/shop.jar"):
            spec = java(workshop, None, "demo.Shop")
            target = spec.code if place.startswith("lib") else workshop.function({"x": ""}).code
            (target / place).parent.mkdir(parents=True)
            with zipfile.ZipFile(target / place, "w") as jar:
                for file in classes.rglob("*.class"):
                    jar.write(file, file.relative_to(classes))
            if target != spec.code:
                spec = workshop.function({"y": ""}, **{**fields(spec), "layers": (target,)})
            assert said(workshop.invoke(spec, {}, cache=cache.folder(), init_max_s=60))["event"] == {}

    def test_a_class_that_is_not_there(self, workshop: Workshop, client: Path) -> None:
        result = workshop.invoke(java(workshop, None, "demo.Gone"), cache=cache.folder(), init_max_s=60)
        assert (result.status, result.error_type) == ("error", "java.lang.ClassNotFoundException")
        assert said(result)["errorMessage"] == "Class not found: demo.Gone"


def fields(spec: FunctionSpec) -> dict:
    return {name: getattr(spec, name) for name in ("runtime", "handler", "memory_mb", "timeout_s")}


@pytest.mark.skipif(not javas.javas(), reason="no Java on this machine")
def test_without_the_client_it_says_what_to_do(workshop: Workshop) -> None:
    result = workshop.invoke(java(workshop, None, "demo.Shop"), cache=workshop.root)
    assert (result.status, result.error_type) == ("init_error", "Runtime.InvalidEntrypoint")
    assert "`freehold doctor --fix` fetches it" in said(result)["errorMessage"]


def test_homes_say_their_versions(tmp_path: Path) -> None:
    for version, number in (("1.8.0_412", 8), ("17.0.15", 17), ("25", 25)):
        (tmp_path / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n')
        assert javas._version(tmp_path) == number
