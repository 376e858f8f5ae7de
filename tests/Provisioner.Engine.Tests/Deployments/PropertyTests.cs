using System.Collections.Immutable;
using FsCheck.Xunit;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Monitor;
using Provisioner.Engine.Deployments.Planning;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Deployments;

public sealed class PropertyTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a.b", true)]
    [InlineData("a.b", "a", false)]
    [InlineData("a[*].c", "a[3].c.d", true)]
    [InlineData("*", "anything[0]", true)]
    [InlineData("a[\"odd.key\"]", "a[\"odd.key\"].x", true)]
    [InlineData("a[0]", "a[1]", false)]
    public void A_path_contains_what_lies_in_it(string outer, string inner, bool contains) =>
        PropertyPath.Parse(outer).Contains(PropertyPath.Parse(inner)).ShouldBe(contains);

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[\"b]")]
    [InlineData("a.")]
    public void What_is_no_path_is_refused(string text) => Should.Throw<FormatException>(() => PropertyPath.Parse(text));

    [Property]
    public void Any_key_can_stand_in_a_path(FsCheck.NonNull<string> key) =>
        PropertyPath.Parse(PropertyPath.Append("a", key.Get)).Segments.ShouldBe([new PathSegment.Key("a"), new PathSegment.Key(key.Get)]);

    [Fact]
    public void Ignored_paths_are_reset_and_others_are_not()
    {
        var olds = PropertyMap.Of(("name", "x"), ("list", List(Map(("n", 1), ("k", "o")), Map(("n", 2)))), ("gone", true));
        var news = PropertyMap.Of(("name", new PropertyValue.Secret("y")), ("list", List(Map(("n", 8), ("k", "p")), Map(("n", 9)), Map(("n", 10)))), ("new", 1));

        IgnoredChanges.Apply(news, olds, ["list[*].n", "gone", "new"]).ShouldBe(PropertyMap.Of(
            ("name", new PropertyValue.Secret("y")),
            ("list", List(Map(("n", 1), ("k", "p")), Map(("n", 2)), Map(("n", 10)))),
            ("gone", true)));
        IgnoredChanges.Apply(news, olds, ["*"]).ShouldBe(olds);
    }

    [Fact]
    public void The_engines_own_comparison_looks_through_secrets_and_names_paths()
    {
        var olds = PropertyMap.Of(("same", new PropertyValue.Secret("x")), ("map", Map(("a", 1), ("b c", 2))), ("list", List(1, 2)));
        var news = PropertyMap.Of(("same", "x"), ("map", Map(("a", 1), ("b c", 3))), ("list", List(1)), ("more", true));

        InputDiff.Keys(olds, news).ShouldBe(["list", "map", "more"]);
        InputDiff.Of(olds, news).ToDictionary(entry => entry.Key, entry => entry.Value.Kind).ShouldBe(new Dictionary<string, DiffEntryKind>
        {
            ["list[1]"] = DiffEntryKind.Delete,
            ["map[\"b c\"]"] = DiffEntryKind.Update,
            ["more"] = DiffEntryKind.Add,
        }, ignoreOrder: true);
    }

    [Fact]
    public void What_was_secret_going_in_is_secret_coming_out()
    {
        var given = PropertyMap.Of(("deep", Map(("word", new PropertyValue.Secret("x")))), ("list", List(1, new PropertyValue.Secret(2))));

        SecretMarks.Restore(PropertyMap.Of(("deep", Map(("word", "x"))), ("list", List(1, 2)), ("other", 3)), given)
            .ShouldBe(PropertyMap.Of(("deep", Map(("word", new PropertyValue.Secret("x")))), ("list", List(1, new PropertyValue.Secret(2))), ("other", 3)));
    }

    [Fact]
    public void A_change_that_replaceOnChanges_names_becomes_a_replacement()
    {
        var detailed = new ResourceDiff
        {
            HasChanges = true,
            Detailed = ImmutableSortedDictionary.Create<string, DiffEntry>(StringComparer.Ordinal)
                .Add("tags[0]", new DiffEntry(DiffEntryKind.Add, false)).Add("size", new DiffEntry(DiffEntryKind.Update, false)),
        };

        ReplaceOnChanges.Apply(detailed, ["tags[*]"]).ReplaceKeys.ShouldBe(["tags"]);
        ReplaceOnChanges.Apply(detailed, ["tags[*]"]).Detailed!["tags[0]"].Kind.ShouldBe(DiffEntryKind.AddReplace);
        ReplaceOnChanges.Apply(detailed, ["other"]).Replaces.ShouldBeFalse();
        ReplaceOnChanges.Apply(detailed with { Detailed = null, ChangedKeys = ["tags"] }, ["tags[*]"]).Replaces.ShouldBeTrue();
        ReplaceOnChanges.Apply(ResourceDiff.None, ["*"]).Replaces.ShouldBeFalse();
    }

    [Theory]
    [InlineData("300000000000ns", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("0", 0)]
    public void Durations_are_Gos(string text, double seconds) => GoDuration.Parse(text).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 m")]
    public void What_is_no_duration_is_refused(string text) => Should.Throw<FormatException>(() => GoDuration.Parse(text));

    [Fact]
    public void An_output_value_settles_to_its_content()
    {
        PropertyShapes.Settle(PropertyMap.Of(
            ("known", new PropertyValue.Output(1, false, ["urn"])),
            ("secret", new PropertyValue.Output("x", true, [])),
            ("unknown", List(new PropertyValue.Output(null, false, [])))))
            .ShouldBe(PropertyMap.Of(("known", 1), ("secret", new PropertyValue.Secret("x")), ("unknown", List(PropertyValue.UnknownValue))));
    }

    private static PropertyValue.Array List(params ReadOnlySpan<PropertyValue> items) => new([.. items]);

    private static PropertyValue.Object Map(params IEnumerable<(string, PropertyValue)> entries) => new(PropertyMap.Of(entries));
}
