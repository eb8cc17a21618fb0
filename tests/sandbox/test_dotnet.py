"""The .NET runtimes, by .NET itself where it is there: kinds of handlers, contexts, failures.

The functions are compiled against a small re-creation of the interfaces of Amazon.Lambda.Core.
"""

import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from freehold import cache
from freehold.sandbox import FunctionSpec
from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes import NotStartable, Shelf, dotnets, notice_of, start_of

from .workshop import Workshop, said, texts

BRIDGE = next(thing for thing in cache.THINGS if thing.folder == "dotnet")
real = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not dotnets.dotnets() or not shutil.which("mcs"), reason=".NET or a compiler (mcs) is not here"),
]
CORE = """
using System; using System.IO;
namespace Amazon.Lambda.Core {
    public interface ILambdaLogger { void Log(string message); void LogLine(string message); }
    public interface ICognitoIdentity { string IdentityId { get; } }
    public interface IClientContext { string Client { get; } }
    public interface ILambdaContext {
        string AwsRequestId { get; } IClientContext ClientContext { get; } string FunctionName { get; }
        string FunctionVersion { get; } ICognitoIdentity Identity { get; } string InvokedFunctionArn { get; }
        ILambdaLogger Logger { get; } string LogGroupName { get; } string LogStreamName { get; }
        int MemoryLimitInMB { get; } TimeSpan RemainingTime { get; }
    }
    public interface ILambdaSerializer { T Deserialize<T>(Stream s); void Serialize<T>(T value, Stream s); }
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
    public sealed class LambdaSerializerAttribute : Attribute {
        public Type SerializerType { get; set; }
        public LambdaSerializerAttribute(Type type) { SerializerType = type; }
    }
}
"""
SHOP = """
using System; using System.IO; using System.Text; using System.Threading.Tasks; using Amazon.Lambda.Core;
[assembly: LambdaSerializer(typeof(Demo.Words))]
namespace Demo {
    public class Words : ILambdaSerializer {
        public T Deserialize<T>(Stream s) {
            var text = new StreamReader(s).ReadToEnd().Trim('"');
            return (T)(typeof(T) == typeof(int) ? (object)int.Parse(text) : text);
        }
        public void Serialize<T>(T value, Stream s) {
            var bytes = Encoding.UTF8.GetBytes(typeof(T) == typeof(int) ? value.ToString() : "\\"" + value + "\\"");
            s.Write(bytes, 0, bytes.Length);
        }
    }
    public class Shop {
        int count;
        public async Task<string> Sell(string sku, ILambdaContext context) {
            await Task.Delay(1);
            context.Logger.LogLine("order " + sku);
            if (sku == "") throw new InvalidOperationException("no sku", new Exception("the cause"));
            return sku + " " + context.AwsRequestId + " " + context.MemoryLimitInMB + " "
                + context.FunctionName + " " + (context.RemainingTime.TotalSeconds > 1);
        }
        public Stream Count(Stream input) {
            return new MemoryStream(Encoding.UTF8.GetBytes("[" + ++count + "]"));
        }
        public static int Twice(int number) { return 2 * number; }
        public async Task Nothing() { await Task.Delay(1); Console.WriteLine("done"); }
    }
    public class Broken { public Broken() { throw new Exception("can not be made"); } public void Do() { } }
}
"""


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not BRIDGE.there():
        cache.fetch(BRIDGE)
    folder = tmp_path_factory.mktemp("dotnet")
    for name, source, more in (("Amazon.Lambda.Core", CORE, []), ("Shop", SHOP, ["-r:Amazon.Lambda.Core.dll"])):
        (folder / f"{name}.cs").write_text(source)
        command = ["mcs", "-target:library", *more, f"-out:{name}.dll", f"{name}.cs"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def dotnet(workshop: Workshop, assemblies: Path, handler: str) -> FunctionSpec:
    spec = workshop.function({"x": ""}, runtime="dotnet8", handler=handler, memory_mb=512, timeout_s=60)
    for assembly in assemblies.glob("*.dll"):
        shutil.copy(assembly, spec.code)
    return spec


def test_a_machine_without_dotnet_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotnets, "dotnets", dict)
    assert notice_of("dotnet8", Shelf(tmp_path)) == "runtime dotnet8 can not be run: .NET 8 is not on this machine"


def test_the_versions_of_a_home_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("6.0.36", "8.0.4"):
        (tmp_path / dotnets.FRAMEWORK / version).mkdir(parents=True)
    (tmp_path / "dotnet").write_text("#!/bin/sh\n")
    (tmp_path / "dotnet").chmod(0o755)
    monkeypatch.setenv("DOTNET_ROOT", str(tmp_path))
    dotnets.dotnets.cache_clear()
    try:
        assert {6, 8} <= dotnets.dotnets().keys()
        assert dotnets.dotnet_for("dotnet6", Shelf(tmp_path)).notice == ""
        spec = FunctionSpec(
            key="k", runtime="dotnet8", handler="Shop", code=tmp_path, name="n", arn="arn:n", region="r"
        )
        assert start_of(spec, None, Places(), Shelf(tmp_path)).argv == [str(tmp_path / "dotnet"), "/var/task/Shop.dll"]
        classic = msgspec.structs.replace(spec, handler="A::B::C")
        with pytest.raises(NotStartable, match=r"Python\.NET is not there"):
            start_of(classic, None, Places(), Shelf(tmp_path))
    finally:
        dotnets.dotnets.cache_clear()


class TestReal:
    """With a .NET of this machine."""

    pytestmark = real

    def test_a_task_with_a_context(self, workshop: Workshop, assemblies: Path) -> None:
        result = workshop.invoke(dotnet(workshop, assemblies, "Shop::Demo.Shop::Sell"), "a-1", cache=cache.folder())
        assert said(result) == "a-1 request-1 512 hello True"
        assert "order a-1" in texts(result)

    def test_an_exception_and_its_cause(self, workshop: Workshop, assemblies: Path) -> None:
        result = workshop.invoke(dotnet(workshop, assemblies, "Shop::Demo.Shop::Sell"), "", cache=cache.folder())
        answer = said(result)
        assert (result.status, answer["errorType"]) == ("error", "InvalidOperationException")
        assert (answer["errorMessage"], answer["cause"]["errorMessage"]) == ("no sku", "the cause")
        assert answer["stackTrace"] == ["at Demo.Shop.Sell(String sku, ILambdaContext context)"]

    def test_streams_and_what_an_instance_remembers(self, workshop: Workshop, assemblies: Path) -> None:
        spec = dotnet(workshop, assemblies, "Shop::Demo.Shop::Count")

        async def twice(box):
            return [(await box.invoke(spec, b"{}", request_id=id)).payload for id in ("a", "b")]

        assert workshop.play(twice, cache=cache.folder()) == [b"[1]", b"[2]"]

    def test_numbers_static_methods_and_nothing(self, workshop: Workshop, assemblies: Path) -> None:
        spec = dotnet(workshop, assemblies, "Shop::Demo.Shop::Twice")
        assert said(workshop.invoke(spec, 21, cache=cache.folder())) == 42
        result = workshop.invoke(dotnet(workshop, assemblies, "Shop::Demo.Shop::Nothing"), cache=cache.folder())
        assert (result.status, result.payload) == ("ok", b"")
        assert "done" in texts(result)

    @pytest.mark.parametrize(
        ("handler", "words"),
        [
            ("Shop::Demo.Shop::None", "Found 0 methods 'None'"),
            ("Shop::Demo.None::Do", "Unable to load type 'Demo.None'"),
            ("None::Demo.Shop::Do", "Could not find the specified handler assembly"),
            ("Shop::Demo.Broken::Do", "can not be made"),
        ],
    )
    def test_what_can_not_be_called(self, workshop: Workshop, assemblies: Path, handler: str, words: str) -> None:
        result = workshop.invoke(dotnet(workshop, assemblies, handler), cache=cache.folder())
        assert result.status == "init_error"
        assert words in said(result)["errorMessage"]
