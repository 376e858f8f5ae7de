using System.Text;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Tests.State;

/// <summary>States of Pulumi's first versions, laid out as its own test data (checkpoint-v1.json) and types (DeploymentV1, DeploymentV2).</summary>
public sealed class StateMigrationTests
{
    private const string Stack = "urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev";
    private const string Note = "urn:pulumi:dev::lamp::pkg:index:Note::note";

    private const string Resources = $$"""
        [
          {"urn": "{{Stack}}", "custom": false, "type": "pulumi:pulumi:Stack"},
          {
            "urn": "{{Note}}", "custom": true, "id": "7", "type": "pkg:index:Note", "parent": "{{Stack}}",
            "inputs": {"text": "hello", "count": 2}, "defaults": {"count": 1}, "outputs": {"text": "hello"}, "dependencies": ["{{Stack}}"]
          }
        ]
        """;

    [Theory]
    [InlineData("{\"version\": 1, \"checkpoint\": {\"target\": \"dev\", \"latest\": {\"time\": \"2017-11-08T11:52:26.9-08:00\", \"resources\": RESOURCES}}}")]
    [InlineData("{\"version\": 2, \"checkpoint\": {\"stack\": \"dev\", \"latest\": {\"manifest\": {\"time\": \"2018-11-08T11:52:26.9-08:00\", \"magic\": \"\", \"version\": \"\"}, \"resources\": RESOURCES}}}")]
    [InlineData("{\"target\": \"dev\", \"latest\": {\"resources\": RESOURCES}}")]
    public void A_state_of_an_old_version_is_read_as_Pulumi_reads_it(string file)
    {
        var snapshot = Read(file.Replace("RESOURCES", Resources, StringComparison.Ordinal));

        snapshot.Resources.Select(resource => resource.Urn).ShouldBe([Stack, Note]);
        var note = snapshot.Resources[1];
        note.Id.ShouldBe("7");
        note.Provider.ShouldBeEmpty();
        note.Inputs.Keys.Order(StringComparer.Ordinal).ShouldBe(["count", "text"]);
        note.PropertyDependencies.Keys.Order(StringComparer.Ordinal).ShouldBe(["count", "text"]);
        note.PropertyDependencies["text"].ShouldBe([Stack]);
    }

    [Fact]
    public void An_operation_that_was_pending_in_version_2_is_pending()
    {
        var snapshot = Read($$$"""
            {"version": 2, "checkpoint": {"latest": {"resources": {{{Resources}}}, "pending_operations": [{"type": "creating", "resource":
              {"urn": "{{{Note}}}2", "custom": true, "type": "pkg:index:Note", "inputs": {"text": "x"} } }] } } }
            """);

        snapshot.PendingOperations.ShouldHaveSingleItem().Resource.PropertyDependencies.Keys.ShouldBe(["text"]);
    }

    [Fact]
    public void An_export_of_an_old_version_can_be_imported() =>
        StateDocument.OfExport($$"""{"version": 1, "deployment": {"resources": {{Resources}} } }""").ResourceCount.ShouldBe(2);

    [Theory]
    [InlineData("{\"version\": 1, \"checkpoint\": {\"target\": \"dev\"}}")]
    [InlineData("{\"version\": 2, \"checkpoint\": {\"latest\": null}}")]
    public void An_old_stack_that_was_never_updated_is_empty(string file) =>
        Read(file).Resources.ShouldBeEmpty();

    private static Snapshot Read(string file) =>
        StateDocument.Parse("/b/dev.json", Encoding.UTF8.GetBytes(file)).Read(new SecretSeals(null));
}
