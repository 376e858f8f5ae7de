using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pulumi.Serialization;
using Pulumi.Wire;

namespace Pulumi.Tests;

public sealed class RoundTripTests
{
    [Property(MaxTest = 300, Arbitrary = [typeof(PlainValues)])]
    public async Task What_a_program_reads_as_an_object_it_sends_back_the_same(PropertyValue value)
    {
        var read = new OutputReader(_ => { }).Read(value, typeof(object), "value", []);

        (await new InputWriter(keepResources: true).WriteAsync("value", read.Value)).ShouldBe(value);
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(PlainValues)])]
    public async Task What_a_program_reads_as_json_it_sends_back_the_same(PropertyValue value)
    {
        if (HasNumbersThatJsonHasNot(value))
        {
            return;
        }

        var read = new OutputReader(_ => { }).Read(value, typeof(JsonElement), "value", []);

        (await new InputWriter(keepResources: true).WriteAsync("value", read.Value)).ShouldBe(value);
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(PlainValues)])]
    public async Task A_secret_value_is_sent_as_a_secret(PropertyValue value)
    {
        var read = new OutputReader(_ => { }).Read(new PropertyValue.Secret(value), typeof(object), "value", []);

        read.IsSecret.ShouldBeTrue();
        (await new InputWriter(keepResources: true).WriteAsync("value", Output.CreateSecret(read.Value))).ShouldBe(new PropertyValue.Secret(value));
    }

    [Property(MaxTest = 200)]
    public async Task Typed_lists_and_maps_come_back_as_they_were(NonNull<string>[] texts, int[] numbers)
    {
        ImmutableArray<string> list = [.. texts.Select(text => text.Get)];
        var map = numbers.Select((number, index) => KeyValuePair.Create($"k{index}", number)).ToImmutableDictionary();
        var writer = new InputWriter(keepResources: true);
        var reader = new OutputReader(warning => throw new InvalidOperationException(warning));

        reader.Read(await writer.WriteAsync("list", list), typeof(ImmutableArray<string>), "list", []).Value.ShouldBe(list);
        reader.Read(await writer.WriteAsync("map", map), typeof(ImmutableDictionary<string, int>), "map", [])
            .Value.ShouldBeOfType<ImmutableDictionary<string, int>>().ShouldBe(map, ignoreOrder: true);
    }

    [Fact]
    public async Task Assets_and_archives_keep_where_their_content_is()
    {
        AssetOrArchive tree = new AssetArchive(new Dictionary<string, AssetOrArchive>
        {
            ["a"] = new StringAsset("text"),
            ["b"] = new FileAsset("/etc/hostname"),
            ["c"] = new RemoteAsset("https://example.org/c"),
            ["d"] = new FileArchive("./folder"),
            ["e"] = new RemoteArchive("https://example.org/e.tar"),
        });
        var written = await new InputWriter(keepResources: true).WriteAsync("tree", tree);

        written.ShouldBe(new PropertyValue.Archive(
            new ArchiveSource.Assets(PropertyMap.Of(
                ("a", new PropertyValue.Asset(new AssetSource.Text("text"), string.Empty)),
                ("b", new PropertyValue.Asset(new AssetSource.Path("/etc/hostname"), string.Empty)),
                ("c", new PropertyValue.Asset(new AssetSource.Uri("https://example.org/c"), string.Empty)),
                ("d", new PropertyValue.Archive(new ArchiveSource.Path("./folder"), string.Empty)),
                ("e", new PropertyValue.Archive(new ArchiveSource.Uri("https://example.org/e.tar"), string.Empty)))),
            string.Empty));
        var read = new OutputReader(warning => throw new InvalidOperationException(warning)).Read(written, typeof(Archive), "tree", []);
        (await new InputWriter(keepResources: true).WriteAsync("tree", read.Value)).ShouldBe(written);
    }

    [Fact]
    public async Task A_value_that_an_output_type_holds_can_be_sent_again()
    {
        var value = new PropertyValue.Object(PropertyMap.Of(
            ("watts", 7.5), ("socket", "E27"), ("makers", new PropertyValue.Array(["a"]))));
        var read = new OutputReader(warning => throw new InvalidOperationException(warning)).Read(value, typeof(Bulb), "bulb", []);

        (await new InputWriter(keepResources: true).WriteAsync("bulb", read.Value)).ShouldBe(value);
    }

    [Theory]
    [InlineData(typeof(DateTime))]
    [InlineData(typeof(long))]
    [InlineData(typeof(List<string>))]
    [InlineData(typeof(ImmutableDictionary<int, string>))]
    [InlineData(typeof(ImmutableArray<decimal>))]
    public void A_type_that_outputs_cannot_have_is_refused_by_name(Type type) =>
        Should.Throw<InvalidOperationException>(() => OutputTypes.Check("The output", type)).Message.ShouldContain("Allowed are");

    private static bool HasNumbersThatJsonHasNot(PropertyValue value) => value switch
    {
        PropertyValue.Number number => !double.IsFinite(number.Value),
        PropertyValue.Array array => array.Items.Any(HasNumbersThatJsonHasNot),
        PropertyValue.Object map => map.Properties.Values.Any(HasNumbersThatJsonHasNot),
        _ => false,
    };

    /// <summary>Values of JSON's kinds. Maps have no nulls, which mean that a property is not there.</summary>
    internal static class PlainValues
    {
        private static readonly Gen<string> Text = ArbMap.Default.GeneratorFor<NonNull<string>>()
            .Select(text => new string([.. text.Get.Where(character => !char.IsSurrogate(character))]));

        public static Arbitrary<PropertyValue> Any() => Gen.Sized(Sized).ToArbitrary();

        private static Gen<PropertyValue> Sized(int size)
        {
            var leaves = Gen.OneOf(
                ArbMap.Default.GeneratorFor<bool>().Select(value => (PropertyValue)value),
                ArbMap.Default.GeneratorFor<double>().Select(value => (PropertyValue)value),
                Text.Select(value => (PropertyValue)value));
            if (size <= 1)
            {
                return leaves;
            }

            var inner = Sized(size / 3);
            return Gen.OneOf(
                leaves,
                Gen.OneOf(inner, Gen.Constant(PropertyValue.NullValue)).ListOf(3).Select(values => (PropertyValue)new PropertyValue.Array([.. values])),
                from names in Text.ListOf(3)
                from values in inner.ListOf(3)
                select (PropertyValue)new PropertyValue.Object(PropertyMap.Of(
                    names.Distinct(StringComparer.Ordinal).Zip(values, (name, value) => KeyValuePair.Create(name, value)))));
        }
    }
}
