using System.Collections.Immutable;
using Pulumi.Utilities;

namespace Pulumi.Tests;

public sealed class InputCollectionTests
{
    [Fact]
    public async Task A_list_can_be_made_of_whatever_holds_its_elements()
    {
        (await ValuesOf("a")).ShouldBe(["a"]);
        (await ValuesOf(Output.Create("a"))).ShouldBe(["a"]);
        (await ValuesOf(new[] { "a", "b" })).ShouldBe(["a", "b"]);
        (await ValuesOf(new List<Output<string>> { Output.Create("a"), Output.Create("b") })).ShouldBe(["a", "b"]);
        (await ValuesOf(ImmutableArray.Create("a", "b"))).ShouldBe(["a", "b"]);
        (await ValuesOf(Output.Create(new List<string> { "a", "b" }))).ShouldBe(["a", "b"]);
        (await ValuesOf(Output.Create(ImmutableArray.Create("a", "b")))).ShouldBe(["a", "b"]);
        (await ValuesOf(new InputList<string> { "a", Output.Create("b"), { "c", "d" } })).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task Joining_lists_changes_neither()
    {
        InputList<string> first = "a", second = "b";

        (await ValuesOf(first.Concat(second))).ShouldBe(["a", "b"]);
        (await ValuesOf(first)).ShouldBe(["a"]);
        (await ValuesOf(second)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_list_is_walked_asynchronously_only()
    {
        InputList<string> list = new[] { "a", "b" };
        var seen = new List<string>();
        await foreach (var item in list)
        {
            seen.Add(await OutputUtilities.GetValueAsync(item.ToOutput()));
        }

        seen.ShouldBe(["a", "b"]);
        Should.Throw<NotSupportedException>(() => ((System.Collections.IEnumerable)list).GetEnumerator()).Message.ShouldContain("await foreach");
    }

    [Fact]
    public async Task A_map_takes_plain_values_and_outputs()
    {
        var map = new InputMap<string> { ["a"] = "1", ["b"] = Output.Create("2") };
        map.Add("c", "3");

        var values = await OutputUtilities.GetValueAsync(map.ToOutput());

        values.ShouldBe(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "3" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_map_refuses_two_values_for_one_key()
    {
        var map = new InputMap<string> { ["a"] = "1" };
        map.Add("a", "1");
        (await OutputUtilities.GetValueAsync(map.ToOutput()))["a"].ShouldBe("1");

        map.Add("a", "2");

        (await Should.ThrowAsync<ArgumentException>(OutputUtilities.GetValueAsync(map.ToOutput()))).Message.ShouldContain("\"a\"");
    }

    [Fact]
    public async Task When_maps_are_merged_the_second_ones_values_count()
    {
        InputMap<string> first = new Dictionary<string, string> { ["a"] = "1", ["b"] = "1" };
        InputMap<string> second = new Dictionary<string, string> { ["b"] = "2" };

        var values = await OutputUtilities.GetValueAsync(InputMap<string>.Merge(first, second).ToOutput());

        values.ShouldBe(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, ignoreOrder: true);
    }

    private static Task<ImmutableArray<string>> ValuesOf(InputList<string> list) => OutputUtilities.GetValueAsync(list.ToOutput());
}
