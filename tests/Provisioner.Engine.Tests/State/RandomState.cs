using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.State;

/// <summary>Random property values, resources and snapshots that keep the rules of state files.</summary>
internal static class RandomState
{
    public static Gen<string> Text { get; } = Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => new string([.. text.Get.Where(character => !char.IsSurrogate(character))])),
        Gen.Elements("", "2026-08-21T19:18:00Z", "/Date(1)/", "💡", "\u2028", "<&>", "a.b[0]"));

    public static Gen<PropertyValue> Value { get; } = ValueOf(3);

    public static Gen<Snapshot> Snapshot { get; } =
        from resources in Gen.ListOf(Resource(), 6)
        from pending in Gen.Elements(Enum.GetValues<PendingOperationType>())
        select Ordered([.. resources], pending);

    private static Gen<PropertyMap> Map(int depth) =>
        Gen.ListOf(Gen.Zip(Text, ValueOf(depth)), 3).Select(pairs => PropertyMap.Of(pairs.DistinctBy(pair => pair.Item1)
            .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))));

    private static Gen<PropertyValue> ValueOf(int depth)
    {
        var leaf = Gen.OneOf(
            Text.Select(text => (PropertyValue)text),
            ArbMap.Default.GeneratorFor<double>().Select(number => (PropertyValue)number),
            Gen.Elements<PropertyValue>(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e21, 1e-7, 1e20, 123456789012345680d, 0.1, 5e-324, double.MaxValue, 0d, -0d),
            Gen.Elements<PropertyValue>(true, false, PropertyValue.NullValue, PropertyValue.UnknownValue, new PropertyValue.Unknown(UnknownKind.Array)),
            Text.Select(text => (PropertyValue)new PropertyValue.Asset(new AssetSource.Text(text), "00ff")),
            Text.Select(text => (PropertyValue)new PropertyValue.Asset(null, text)),
            Text.Select(text => (PropertyValue)new PropertyValue.Archive(new ArchiveSource.Path(text), "")),
            Gen.Elements<PropertyValue>(
                new PropertyValue.ResourceReference("urn:pulumi:dev::lamp::a:b:C::x", null, "1.2.3"),
                new PropertyValue.ResourceReference("urn:pulumi:dev::lamp::a:b:C::x", "", ""),
                new PropertyValue.ResourceReference("urn:pulumi:dev::lamp::a:b:C::x", "id", ""),
                new PropertyValue.Archive(new ArchiveSource.Assets(PropertyMap.Of(("f", (PropertyValue)new PropertyValue.Asset(new AssetSource.Uri("u"), "")))), "11")));
        return depth == 0
            ? leaf
            : Gen.Frequency(
                (3, leaf),
                (1, ValueOf(depth - 1).Select(value => (PropertyValue)new PropertyValue.Secret(value))),
                (1, Gen.ListOf(ValueOf(depth - 1), 3).Select(items => (PropertyValue)new PropertyValue.Array([.. items]))),
                (1, Map(depth - 1).Select(map => (PropertyValue)new PropertyValue.Object(map))));
    }

    private static Gen<ResourceState> Resource() =>
        from inputs in Map(2)
        from outputs in Map(2)
        from text in Text
        from flags in ArbMap.Default.GeneratorFor<int>()
        from ticks in Gen.Choose(0, int.MaxValue)
        let when = DateTimeOffset.UnixEpoch.AddTicks(ticks * 12345L)
        select new ResourceState
        {
            Urn = "",
            Type = "provisioner:index:Device",
            Custom = (flags & 1) != 0,
            Id = (flags & 1) != 0 ? $"id{text}" : "",
            Inputs = inputs,
            Outputs = outputs,
            Delete = (flags & 2) != 0,
            Protect = (flags & 4) != 0,
            Taint = (flags & 8) != 0,
            External = (flags & 16) != 0,
            RetainOnDelete = (flags & 32) != 0,
            RefreshBeforeUpdate = (flags & 64) != 0,
            InitErrors = text.Length > 0 ? [text, "second"] : [],
            AdditionalSecretOutputs = ["a"],
            Aliases = (flags & 128) != 0 ? ["urn:pulumi:dev::lamp::a:b:C::alias"] : [],
            CustomTimeouts = (flags & 256) != 0 ? new(TimeSpan.FromSeconds(300), null, TimeSpan.FromSeconds(1.5), null) : null,
            ImportId = (flags & 512) != 0 ? text : "",
            Created = (flags & 1024) != 0 ? when : null,
            Modified = when,
            SourcePosition = text,
            IgnoreChanges = ["b.c"],
            ReplaceOnChanges = ["*"],
            Unknown = (flags & 2048) != 0
                ? ImmutableSortedDictionary.Create<string, JToken>(StringComparer.Ordinal).Add("hideDiff", new JArray(new JArray("a", 1))).Add("futureKey", "x")
                : ImmutableSortedDictionary.Create<string, JToken>(StringComparer.Ordinal),
        };

    private static Snapshot Ordered(ImmutableArray<ResourceState> resources, PendingOperationType pending)
    {
        var ordered = new List<ResourceState>();
        foreach (var resource in resources)
        {
            var before = ordered.Select(earlier => earlier.Urn).ToArray();
            ordered.Add(resource with
            {
                Urn = $"urn:pulumi:dev::lamp::provisioner:index:Device::r{ordered.Count}",
                Parent = before.LastOrDefault() ?? "",
                Dependencies = [.. before.Take(2)],
                PropertyDependencies = before.Length == 0
                    ? ResourceEmpty
                    : ResourceEmpty.Add("p", [before[0]]).Add("q", []),
                DeletedWith = before.FirstOrDefault() ?? "",
                ReplaceWith = [.. before.Take(1)],
            });
        }

        return new Snapshot(
            new Manifest(DateTimeOffset.UnixEpoch.AddDays(20_000), "v9"),
            [.. ordered],
            ordered.Count > 1 ? [new PendingOperation(ordered[^1], pending), new PendingOperation(ordered[0] with { Id = "" }, PendingOperationType.Creating)] : []);
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> ResourceEmpty { get; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
}
