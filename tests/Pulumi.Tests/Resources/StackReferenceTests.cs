using Pulumi.Utilities;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class StackReferenceTests
{
    [Fact]
    public async Task Another_stacks_outputs_are_read_and_only_its_secrets_are_secrets()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerRead = _ => PropertyCodec.Encode(PropertyMap.Of(
            ("name", "organization/lamp/house"),
            ("outputs", new PropertyValue.Object(PropertyMap.Of(("address", "lamp.local"), ("word", new PropertyValue.Secret("open sesame"))))),
            ("secretOutputNames", new PropertyValue.Array(["word"]))));
        var found = new List<(object?, bool)>();

        (await engine.RunAsync(async () =>
        {
            var house = new StackReference("house", new StackReferenceArgs { Name = "organization/lamp/house" });
            foreach (var output in new[] { house.RequireOutput("address").Apply(value => (object?)value), house.GetOutput("word"), house.GetOutput("none") })
            {
                found.Add((await OutputUtilities.GetValueAsync(output), await Output.IsSecretAsync(output)));
            }

            (await house.GetValueAsync("address")).ShouldBe("lamp.local");
            (await house.GetValueAsync("none")).ShouldBeNull();
            (await Should.ThrowAsync<InvalidOperationException>(house.RequireValueAsync("word"))).Message.ShouldNotContain("sesame");
            (await house.GetOutputDetailsAsync("word")).ShouldSatisfyAllConditions(it => it.Value.ShouldBeNull(), it => it.SecretValue.ShouldBe("open sesame"));
            return new Dictionary<string, object?>();
        })).ShouldBe(0);

        found.ShouldBe([("lamp.local", false), ("open sesame", true), (null, false)]);
        var read = engine.Reads.ShouldHaveSingleItem();
        (read.Type, read.Name, read.Id).ShouldBe(("pulumi:pulumi:StackReference", "house", "organization/lamp/house"));
        read.Properties.Fields["name"].StringValue.ShouldBe("organization/lamp/house");
    }

    [Fact]
    public async Task A_required_output_that_is_not_there_is_named_with_those_that_are()
    {
        await using var engine = await RecordingEngine.StartAsync();
        engine.AnswerRead = _ => PropertyCodec.Encode(PropertyMap.Of(
            ("name", "house"), ("outputs", new PropertyValue.Object(PropertyMap.Of(("address", "lamp.local")))), ("secretOutputNames", new PropertyValue.Array([]))));

        (await engine.RunAsync(() => _ = new Lamp("desk", new LampArgs { Color = new StackReference("house").RequireOutput("adress").Apply(value => (string)value) }))).ShouldNotBe(0);

        engine.Logs.ShouldContain(log => log.Message.Contains("no output \"adress\"; it has address"));
    }
}
