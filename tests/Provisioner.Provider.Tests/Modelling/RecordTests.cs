using System.Collections.Immutable;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Modelling;

/// <summary>Records to property maps and back, and what is said of maps that do not fit.</summary>
public sealed class RecordTests
{
    private static readonly PropertyMap Note = PropertyMap.Of(("device", "local:"), ("path", "/tmp/x"), ("content", new PropertyValue.Secret("hush")));

    [Fact]
    public void A_map_becomes_a_record_with_its_defaults()
    {
        var decoded = RecordDecoder.Decode<NoteArgs>(Note.With("ink", "royal-blue"));

        decoded.IsComplete.ShouldBeTrue();
        decoded.Value.ShouldBe(new NoteArgs { Device = "local:", Path = "/tmp/x", Content = "hush", Mode = "600", Ink = NoteInk.Blue });
    }

    [Fact]
    public void A_record_becomes_a_map_with_its_secrets_marked() =>
        RecordEncoder.Encode(new NoteArgs { Device = "local:", Path = "/tmp/x", Content = "hush" })
            .ShouldBe(Note.With("mode", "600").With("ink", "black"));

    [Fact]
    public void Everything_a_record_may_hold_goes_there_and_back()
    {
        var everything = new Everything
        {
            Count = 3,
            Big = 1L << 40,
            Ratio = 0.5,
            IsOn = true,
            Words = ["a", "b"],
            Inner = new Inner { Name = "x" },
            Inners = [new Inner { Name = "y", Note = "z" }],
            Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("k.1", 2)]),
        };

        var decoded = RecordDecoder.Decode<Everything>(RecordEncoder.Encode(everything));

        decoded.IsComplete.ShouldBeTrue();
        RecordEncoder.Encode(decoded.Value).ShouldBe(RecordEncoder.Encode(everything));
        decoded.Value.Words.ShouldBe(["a", "b"]);
        decoded.Value.Inner.ShouldBe(new Inner { Name = "x" });
        decoded.Value.Labels["k.1"].ShouldBe(2);
    }

    [Theory]
    [InlineData("count", "path: count: must be a whole number, but is a text (\"three\")")]
    [InlineData("words", "path: words[1]: must be a text, but is a number (7)")]
    [InlineData("inner", "path: inner.name: is required but was not given")]
    [InlineData("labels", "path: labels[\"k.1\"]: must be a whole number of at most 2147483647, but is 1.5")]
    [InlineData("strange", "path: strange: is not a property here; there are count, big, ratio, isOn, words, inner, inners, labels, ink")]
    [InlineData("ink", "path: ink: must be one of \"black\", \"royal-blue\", but is \"red\"")]
    public void What_does_not_fit_is_told_with_its_path(string property, string expected)
    {
        PropertyValue wrong = property switch
        {
            "count" => "three",
            "words" => new PropertyValue.Array(["a", 7.0]),
            "inner" => new PropertyValue.Object(PropertyMap.Empty),
            "labels" => new PropertyValue.Object(PropertyMap.Of(("k.1", 1.5))),
            "ink" => "red",
            _ => "?",
        };

        var failures = RecordDecoder.Decode<Everything>(PropertyMap.Of((property, wrong))).Failures;

        failures.Select(failure => $"path: {failure}").ShouldContain(expected);
    }

    [Fact]
    public void A_secret_of_the_wrong_kind_is_not_repeated()
    {
        var wrong = PropertyMap.Of(("ink", new PropertyValue.Secret("hush-hush")), ("count", new PropertyValue.Secret("hush-hush")));

        RecordDecoder.Decode<Everything>(wrong).Failures.ShouldAllBe(failure => !failure.Reason.Contains("hush", StringComparison.Ordinal));
        RecordDecoder.Decode<NoteArgs>(Note.With("content", 12345.0)).Failures.ShouldAllBe(failure => !failure.Reason.Contains("12345", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_known_yet_is_listed_and_is_no_failure()
    {
        var decoded = RecordDecoder.Decode<NoteArgs>(Note.With("device", PropertyValue.UnknownValue).With("content", new PropertyValue.Secret(PropertyValue.UnknownValue)));

        decoded.Failures.ShouldBeEmpty();
        decoded.Unknown.ShouldBe([nameof(NoteArgs.Device), nameof(NoteArgs.Content)]);
    }

    [Fact]
    public void Stack_files_hold_texts_only_and_their_numbers_and_truths_count()
    {
        var given = PropertyMap.Of(("count", "12"), ("ratio", "0.5"), ("isOn", "true"));

        RecordDecoder.Decode<Everything>(given, Reading.Configuration).Value.ShouldSatisfyAllConditions(
            value => value.Count.ShouldBe(12),
            value => value.Ratio.ShouldBe(0.5),
            value => value.IsOn.ShouldBe(true));
        RecordDecoder.Decode<Everything>(given).Failures.Length.ShouldBe(3);
        RecordDecoder.Decode<Everything>(PropertyMap.Of(("isOn", "maybe")), Reading.Configuration).Failures.Length.ShouldBe(1);
    }

    [Fact]
    public void Checked_inputs_have_defaults_and_secret_marks_and_no_nulls() =>
        InputDefaults.Complete(typeof(NoteArgs), Note.With("content", "hush").With("mode", PropertyValue.NullValue))
            .ShouldBe(Note.With("mode", "600").With("ink", "black"));

    [Theory]
    [InlineData("Device", "device")]
    [InlineData("KnownHostsFile", "knownHostsFile")]
    [InlineData("UUID", "uuid")]
    [InlineData("IPAddress", "ipAddress")]
    public void Names_on_the_wire_are_in_camel_case(string name, string expected) => WireNames.Camel(name).ShouldBe(expected);

    [Fact]
    public void The_schema_says_what_the_records_say()
    {
        var schema = JObject.Parse(SchemaWriter.Write(ProviderPackage.Of<Everything>("provisioner", "1.2.3", [], _ => new(), new NoteHandler())));

        var note = schema["resources"]!["provisioner:index:Note"]!;
        note["description"]!.Value<string>().ShouldBe("A note on a device.");
        note["requiredInputs"]!.Values<string>().ShouldBe(["device", "path", "content"]);
        note["required"]!.Values<string>().ShouldBe(["path", "mode", "bytes"]);
        note["inputProperties"]!["content"]!["secret"]!.Value<bool>().ShouldBeTrue();
        note["inputProperties"]!["mode"]!["default"]!.Value<string>().ShouldBe("600");
        note["inputProperties"]!["path"]!["willReplaceOnChanges"]!.Value<bool>().ShouldBeTrue();
        schema["types"]!["provisioner:index:NoteInk"]!["enum"]!.Select(value => value["value"]!.Value<string>()).ShouldBe(["black", "royal-blue"]);
        schema["config"]!["variables"]!["inners"]!["items"]!["$ref"]!.Value<string>().ShouldBe("#/types/provisioner:index:Inner");
    }

    internal sealed record Inner
    {
        public required string Name { get; init; }

        public string? Note { get; init; }
    }

    internal sealed record Everything
    {
        public int? Count { get; init; }

        public long Big { get; init; }

        public double? Ratio { get; init; }

        public bool? IsOn { get; init; }

        public ImmutableArray<string> Words { get; init; } = [];

        public Inner? Inner { get; init; }

        public ImmutableArray<Inner> Inners { get; init; }

        public ImmutableSortedDictionary<string, int> Labels { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

        public NoteInk? Ink { get; init; }
    }
}
