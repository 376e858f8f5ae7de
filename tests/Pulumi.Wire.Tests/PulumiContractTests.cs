using System.Globalization;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Google.Protobuf.Reflection;
using Pulumi.Wire.Rpc;

namespace Pulumi.Wire.Tests;

/// <summary>Our contracts against the ones in Pulumi's own Node SDK: drifting from Pulumi is a red test.</summary>
public sealed class PulumiContractTests(PulumiContractTests.NodeSdk sdk) : IClassFixture<PulumiContractTests.NodeSdk>
{
    private static readonly FileDescriptor[] Files =
    [
        AliasReflection.Descriptor, EngineReflection.Descriptor, PluginReflection.Descriptor,
        ProviderReflection.Descriptor, ResourceReflection.Descriptor, SourceReflection.Descriptor,
    ];

    public static TheoryData<string> Messages() => [.. Files.SelectMany(file => file.MessageTypes).SelectMany(All).Select(message => message.FullName)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_has_pulumis_field_numbers_and_types(string name)
    {
        var ours = Files.SelectMany(file => file.MessageTypes).SelectMany(All).Single(message => message.FullName == name);
        sdk.Messages.ShouldContainKey(name);
        var theirs = sdk.Messages[name];

        foreach (var field in ours.Fields.InFieldNumberOrder())
        {
            theirs.GetValueOrDefault(field.FieldNumber).ShouldBe(TypeName(field), $"field {field.FieldNumber} ({field.Name}) of {name}");
        }
    }

    [Fact]
    public void Every_rpc_of_ours_is_one_of_pulumis()
    {
        foreach (var service in Files.SelectMany(file => file.Services))
        {
            var theirs = sdk.Services[service.FullName];
            foreach (var method in service.Methods)
            {
                theirs.ShouldContain($"/{service.FullName}/{method.Name}");
            }
        }
    }

    [Fact]
    public void The_contracts_that_provider_sdk_and_engine_need_are_all_there() =>
        Files.SelectMany(file => file.MessageTypes).SelectMany(All).Count().ShouldBeGreaterThan(55);

    private static IEnumerable<MessageDescriptor> All(MessageDescriptor message) =>
        message.NestedTypes.Where(nested => !nested.IsMapEntry).SelectMany(All).Prepend(message);

    private static string TypeName(FieldDescriptor field) =>
        field.IsMap
            ? $"map<{TypeName(field.MessageType.FindFieldByNumber(1))},{TypeName(field.MessageType.FindFieldByNumber(2))}>"
            : (field.IsRepeated ? "repeated " : string.Empty) + (field.FieldType == FieldType.Message
                ? field.MessageType.FullName
                : field.FieldType.ToString().ToLowerInvariant());

    /// <summary>What the Node SDK's generated stubs say, read once by a small Node script beside the tests.</summary>
    public sealed class NodeSdk : IAsyncLifetime
    {
        public Dictionary<string, Dictionary<int, string>> Messages { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, HashSet<string>> Services { get; } = new(StringComparer.Ordinal);

        public async ValueTask InitializeAsync()
        {
            var result = await Cli.Wrap("node")
                .WithArguments([Path.Combine(ThirdPartyEnds.Folder, "describe-proto.mjs")])
                .WithWorkingDirectory(ThirdPartyEnds.Folder)
                .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
            using var document = JsonDocument.Parse(result.StandardOutput);
            foreach (var message in document.RootElement.GetProperty("messages").EnumerateObject())
            {
                Messages[message.Name] = message.Value.EnumerateObject().ToDictionary(
                    field => int.Parse(field.Name, CultureInfo.InvariantCulture), field => field.Value.GetString()!);
            }

            foreach (var service in document.RootElement.GetProperty("services").EnumerateObject())
            {
                Services[service.Name] = [.. service.Value.EnumerateArray().Select(rpc => rpc.GetProperty("path").GetString()!)];
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
