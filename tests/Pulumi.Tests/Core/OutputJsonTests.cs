using System.Text.Json;
using Pulumi.Utilities;

namespace Pulumi.Tests;

public sealed class OutputJsonTests
{
    [Fact]
    public async Task Outputs_inside_a_value_are_written_as_what_they_hold()
    {
        var later = new TaskCompletionSource<int>();
        var json = Output.JsonSerialize(Output.Create(new Dictionary<string, object?>
        {
            ["plain"] = 1,
            ["later"] = Output.Create(later.Task),
            ["list"] = (InputList<string>)new[] { "a", "b" },
            ["map"] = new InputMap<string> { ["key"] = Output.Create("value") },
            ["nothing"] = null,
        }));
        later.SetResult(2);

        (await OutputUtilities.GetValueAsync(json)).ShouldBe(
            """{"plain":1,"later":2,"list":["a","b"],"map":{"key":"value"},"nothing":null}""");
        (await Output.IsSecretAsync(json)).ShouldBeFalse();
    }

    [Fact]
    public async Task Json_with_a_secret_inside_is_a_secret() =>
        (await Output.IsSecretAsync(Output.JsonSerialize(Output.Create(new[] { Output.CreateSecret("hunter2") })))).ShouldBeTrue();

    [Fact]
    public async Task Json_with_an_unknown_inside_is_unknown() =>
        (await OutputUtilities.GetIsKnownAsync(Output.JsonSerialize(Output.Create(new[] { OutputUtilities.CreateUnknown("") })))).ShouldBeFalse();

    [Fact]
    public async Task The_callers_options_count()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

        (await OutputUtilities.GetValueAsync(Output.JsonSerialize(Output.Create(new { BigName = Output.Create(1) }), options))).ShouldBe("""{"bigName":1}""");
    }

    [Fact]
    public async Task A_secret_text_holds_a_secret_value()
    {
        var value = Output.JsonDeserialize<int[]>(Output.CreateSecret("[1,2]"));

        (await OutputUtilities.GetValueAsync(value)).ShouldBe([1, 2]);
        (await Output.IsSecretAsync(value)).ShouldBeTrue();
    }
}
