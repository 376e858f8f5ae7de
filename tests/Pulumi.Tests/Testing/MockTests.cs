using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace Pulumi.Tests.Testing;

public sealed class MockTests
{
    private readonly HomeMocks _mocks = new();

    [Fact]
    public async Task A_stack_runs_without_an_engine_and_gives_its_resources()
    {
        var resources = await Deployment.TestAsync<HomeStack>(_mocks, new TestOptions { IsPreview = false, StackName = "dev", ProjectName = "home" });

        resources.Select(resource => resource.GetResourceName()).Order().ShouldBe(["hall", "hall-first", "hall-second", "home-dev"]);
        var stack = resources.OfType<HomeStack>().Single();
        (await ValueAsync(stack.Colors)).ShouldBe(["red", "green"]);
        var lamp = resources.OfType<Lamp>().Single(lamp => lamp.GetResourceName() == "hall-first");
        (await ValueAsync(lamp.Id)).ShouldBe("hall-first-id");
        (await ValueAsync(lamp.Serial)).ShouldBe("1234");
        (await ValueAsync(lamp.Urn)).ShouldBe("urn:pulumi:dev::home::pulumi:pulumi:Stack$home:index:Lamp::hall-first");
        _mocks.Outputs.Keys.ShouldContain("urn:pulumi:dev::home::pulumi:pulumi:Stack::home-dev");
    }

    [Fact]
    public async Task Mocks_get_inputs_as_plain_values()
    {
        var resources = await Deployment.TestAsync(_mocks, new TestOptions(), () =>
        {
            _ = new Lamp("a", new LampArgs { Color = Output.CreateSecret("red"), Brightness = 5, Tags = { ["x"] = "y" }, Wires = new InputList<string> { "1" } });
        });

        resources.ShouldHaveSingleItem().ShouldBeOfType<Lamp>();
        var inputs = _mocks.Made["a"].Inputs;
        inputs["color"].ShouldBe("red");
        inputs["brightness"].ShouldBe(5.0);
        inputs["tags"].ShouldBeOfType<ImmutableDictionary<string, object?>>()["x"].ShouldBe("y");
        inputs["wires"].ShouldBeOfType<ImmutableArray<object?>>().ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_function_under_test_gives_its_outputs_and_calls_the_mocks_functions()
    {
        var (resources, outputs) = await Deployment.TestAsync(_mocks, new TestOptions(), async () =>
        {
            var answer = await Deployment.Instance.InvokeAsync<ImmutableDictionary<string, string>>("home:index:find", new DictionaryInvokeArgs(ImmutableDictionary<string, object?>.Empty.Add("near", Output.Create("door"))));
            return new Dictionary<string, object?> { ["found"] = $"{answer["name"]} near {answer["near"]}", ["preview"] = Deployment.Instance.IsDryRun, ["project"] = Deployment.Instance.ProjectName };
        });

        resources.ShouldBeEmpty();
        outputs.ShouldBe(new Dictionary<string, object?> { ["found"] = "lamp near door", ["preview"] = true, ["project"] = "project" }, ignoreOrder: true);
    }

    [Fact]
    public async Task What_fails_in_the_program_fails_the_test_with_its_words()
    {
        Action fails = () => throw new InvalidOperationException("no lamp today");
        (await Should.ThrowAsync<RunException>(Deployment.TestAsync(_mocks, new TestOptions(), fails)))
            .Message.ShouldContain("no lamp today");
        (await Should.ThrowAsync<RunException>(Deployment.TestAsync(_mocks, new TestOptions(), () => { _ = new Lamp("broken", new LampArgs { Color = "red" }); })))
            .Message.ShouldContain("the mock is broken");
    }

    private static async Task<T> ValueAsync<T>(Output<T> output) => await OutputUtilities.GetValueAsync(output);

    private sealed class HomeStack : Stack
    {
        public HomeStack() => Colors = new Room("hall").Colors;

        [Output("colors")]
        public Output<ImmutableArray<string>> Colors { get; private set; }
    }

    private sealed class HomeMocks : IMocks
    {
        public ConcurrentDictionary<string, MockResourceArgs> Made { get; } = [];

        public ConcurrentDictionary<string, ImmutableDictionary<string, Output<object?>>> Outputs { get; } = [];

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            Made[args.Name!] = args;
            return args.Name == "broken"
                ? throw new InvalidOperationException("the mock is broken")
                : Task.FromResult<(string?, object)>(($"{args.Name}-id", args.Inputs.Add("serial", "1234")));
        }

        public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(new Dictionary<string, object> { ["name"] = "lamp", ["near"] = args.Args["near"] });

        public Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args)
        {
            Outputs[args.Urn] = args.Outputs;
            return Task.CompletedTask;
        }
    }
}
