using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Pulumi.Wire.Tests;

public sealed class PropertyCodecTests
{
    [Property(MaxTest = 500, Arbitrary = [typeof(Values)])]
    public void Every_value_comes_back_as_it_went_through_the_bytes_of_the_wire(PropertyValue value)
    {
        var bytes = PropertyCodec.Encode(value).ToByteArray();

        PropertyCodec.Decode(Value.Parser.ParseFrom(bytes)).ShouldBe(value);
    }

    [Fact]
    public void A_secret_is_an_object_with_the_secret_signature()
    {
        var encoded = PropertyCodec.Encode(new PropertyValue.Secret("hunter2")).StructValue;

        encoded.Fields["4dabf18193072939515e22adb298388d"].StringValue.ShouldBe("1b47061264138c4ac30d75fd1eb44270");
        encoded.Fields["value"].StringValue.ShouldBe("hunter2");
    }

    [Fact]
    public void An_unknown_is_the_sentinel_that_sdks_send() =>
        PropertyCodec.Encode(PropertyValue.UnknownValue).StringValue.ShouldBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");

    [Fact]
    public void An_output_value_without_a_value_is_unknown()
    {
        var encoded = Value.Parser.ParseJson("""{"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", "dependencies": ["urn:a"]}""");

        PropertyCodec.Decode(encoded).ShouldBe(new PropertyValue.Output(null, false, ["urn:a"]));
    }

    [Fact]
    public void A_missing_struct_is_an_empty_map() => PropertyCodec.Decode((Struct?)null).ShouldBe(PropertyMap.Empty);

    [Theory]
    [InlineData("""{"a": {"4dabf18193072939515e22adb298388d": "no such thing"}}""", "\"a\" has a signature that is not known: \"no such thing\".")]
    [InlineData("""{"a": [1, {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}]}""", "\"a[1]\" is a secret without \"value\".")]
    [InlineData("""{"a": {"b": {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e"}}}""", "\"a.b\" is a resource reference without \"urn\".")]
    public void A_malformed_special_value_is_refused_with_its_path(string json, string message) =>
        Should.Throw<PropertyFormatException>(() => PropertyCodec.Decode(Struct.Parser.ParseJson(json))).Message.ShouldBe(message);

    [Fact]
    public void A_secret_does_not_show_its_value_as_text() =>
        PropertyMap.Of(("password", new PropertyValue.Secret("hunter2"))).ToString().ShouldNotContain("hunter2");

    [Fact]
    public void Unwrapping_reaches_secrets_inside_lists_and_maps() =>
        new PropertyValue.Array([new PropertyValue.Object(PropertyMap.Of(("a", new PropertyValue.Secret(1d))))])
            .Unwrap().ShouldBe(new PropertyValue.Array([new PropertyValue.Object(PropertyMap.Of(("a", 1d)))]));

    internal static class Values
    {
        private static readonly Gen<string> Text = ArbMap.Default.GeneratorFor<NonNull<string>>()
            .Select(text => new string([.. text.Get.Where(character => !char.IsSurrogate(character))]));

        public static Arbitrary<PropertyValue> Any() => Gen.Sized(Sized).ToArbitrary();

        private static Gen<PropertyValue> Sized(int size)
        {
            var leaves = Gen.OneOf(
                Gen.Constant(PropertyValue.NullValue),
                ArbMap.Default.GeneratorFor<bool>().Select(value => (PropertyValue)value),
                ArbMap.Default.GeneratorFor<double>().Select(value => (PropertyValue)value),
                Text.Select(value => (PropertyValue)value),
                Gen.Elements(System.Enum.GetValues<UnknownKind>()).Select(kind => (PropertyValue)new PropertyValue.Unknown(kind)),
                Text.Select(text => (PropertyValue)new PropertyValue.Asset(new AssetSource.Text(text), string.Empty)),
                Text.Select(text => (PropertyValue)new PropertyValue.Archive(new ArchiveSource.Uri(text), "abc")),
                Text.Select(text => (PropertyValue)new PropertyValue.ResourceReference("urn:" + text, text.Length % 2 == 0 ? null : text, string.Empty)));
            if (size <= 1)
            {
                return leaves;
            }

            var inner = Sized(size / 3);
            return Gen.OneOf(
                leaves,
                inner.Select(value => (PropertyValue)new PropertyValue.Secret(value)),
                inner.Select(value => (PropertyValue)new PropertyValue.Output(value is PropertyValue.Unknown ? null : value, true, ["urn:a", "urn:b"])),
                inner.ListOf(3).Select(values => (PropertyValue)new PropertyValue.Array([.. values])),
                from names in Text.ListOf(3)
                from values in inner.ListOf(3)
                select (PropertyValue)new PropertyValue.Object(PropertyMap.Of(
                    names.Distinct(StringComparer.Ordinal).Zip(values, (name, value) => KeyValuePair.Create("k" + name, value)))));
        }
    }
}
