using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Tests.Jobs;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Modelling;

/// <summary>
/// An engine reads with the inputs of last time and only then asks what differs. So whatever the program changes must be a difference by
/// itself, or this <c>up</c> says "unchanged" and the next one acts.
/// </summary>
public sealed class EveryInputTests
{
    private const string Lamp = "ssh://root@lamp.local?hostKey=SHA256:oq7HAGRFR2p8Ge92dhSHI7qSivG7s72hntkxeI7eyfk";

    /// <summary>What each resource cannot do without, and what its plan wants to be well formed.</summary>
    private static readonly ImmutableDictionary<string, PropertyMap> Given = new Dictionary<string, PropertyMap>
    {
        ["HostIdentity"] = Texts(("hostname", "lamp")),
        ["SdCard"] = Texts(("image", "/tmp/lamp.img"), ("imageSha256", new string('a', 64)), ("target", "/tmp/card.img"), ("hostname", "lamp"), ("hostKey", Key()), ("hostId", "8425e349"))
            .With("authorizedKeys", Texts("ssh-ed25519 AAAA me")),
        ["Device"] = Texts(("address", "root@lamp.local"), ("hostKey", "SHA256:oq7HAGRFR2p8Ge92dhSHI7qSivG7s72hntkxeI7eyfk")),
        ["SdImage"] = Texts(("flake", "/tmp/flake")),
        ["WifiProfile"] = Texts(("device", Lamp), ("ssid", "Lamp Home"), ("password", "correct horse")),
        ["Disk"] = Texts(("device", Lamp), ("byId", "/dev/disk/by-id/usb-Samsung_T5"), ("serial", "S123")),
        ["NixosSystem"] = Texts(("device", Lamp), ("flake", "/tmp/flake"), ("pool", "zroot"), ("poolGuid", "1"), ("installation", "1"), ("bootPartition", "/dev/disk/by-partuuid/1"), ("hostname", "lamp")),
        ["FirstBoot"] = Texts(("device", Lamp), ("system", "/nix/store/a-nixos"), ("pool", "zroot"), ("poolGuid", "1")),
        ["ZfsPool"] = Texts(("device", Lamp), ("name", "zroot")).With("devices", Texts("/dev/disk/by-partuuid/2")),
        ["ZfsDataset"] = Texts(("device", Lamp), ("pool", "zroot"), ("poolGuid", "1"), ("name", "home")),
        ["ZfsSnapshot"] = Texts(("device", Lamp), ("pool", "zroot"), ("poolGuid", "1"), ("dataset", "home"), ("name", "before")),
    }.ToImmutableDictionary();

    public static TheoryData<string, string> EveryInput() =>
        new(AllResources.Create().SelectMany(handler => RecordShape.Of(handler.ArgsType).Properties.Select(input => (handler.Name, input.WireName))));

    [Theory]
    [MemberData(nameof(EveryInput))]
    public void A_change_of_an_input_is_a_difference_in_the_first_preview(string resource, string input)
    {
        var handler = AllResources.Create().Single(handler => handler.Name == resource);
        var property = RecordShape.Of(handler.ArgsType).Find(input)!;
        var before = handler.Check(Given[resource], NoDevice()).Inputs;
        var state = StateOf(handler, before);
        handler.Diff(state, before, before, NoDevice()).Changes.Select(change => PropertyPath.Root(change.Path)).ShouldNotContain(input, "nothing was changed yet");

        var after = before.With(input, Other(input, property.Kind, before.TryGetValue(input, out var value) ? value.Unwrap() : null));
        var named = handler.Diff(state, before, handler.Check(after, NoDevice()).Inputs, NoDevice()).Changes.Select(change => PropertyPath.Root(change.Path)).ToList();

        if (property.IsPermission)
        {
            named.ShouldNotContain(input, "a permission wants nothing by itself");
        }
        else
        {
            named.ShouldContain(input);
        }
    }

    /// <summary>The outputs that were foretold when nothing was there: what an <c>up</c> with these inputs leaves in the state.</summary>
    private static PropertyMap StateOf(IResourceHandler handler, PropertyMap inputs)
    {
        var args = typeof(RecordDecoder).GetMethod(nameof(RecordDecoder.Decode))!.MakeGenericMethod(handler.ArgsType).Invoke(null, [inputs, Reading.Strict])!;
        var desired = args.GetType().GetProperty("Value")!.GetValue(args);
        var expected = handler.GetType().GetMethod("Expect", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(handler, [desired, null])!;
        var state = RecordEncoder.Encode(expected.GetType().GetProperty("State")!.GetValue(expected)!);

        // What no plan can foretell: the GUIDs of snapshots.
        return handler.Name == "ZfsSnapshot" ? state.With("members", new PropertyValue.Object(Texts(("zroot/home", "7")))) : state;
    }

    private static PropertyValue Other(string input, ValueKind kind, PropertyValue? value) => input switch
    {
        "hostKey" when value is PropertyValue.String { Value: ['-', ..] } => new PropertyValue.String(Key()),
        "hostId" => new PropertyValue.String("8425e350"),
        "espPartitionId" or "poolPartitionId" => new PropertyValue.String("7f3e5d2a-2f83-4f2b-9f0b-0d9b0a2b1c11"),
        _ => Other(kind, value),
    };

    private static PropertyValue Other(ValueKind kind, PropertyValue? value) => (kind, value) switch
    {
        (ValueKind.Text, PropertyValue.String text) => new PropertyValue.String(text.Value + "2"),
        (ValueKind.Text, _) => new PropertyValue.String("another"),
        (ValueKind.Truth, PropertyValue.Boolean truth) => new PropertyValue.Boolean(!truth.Value),
        (ValueKind.Truth, _) => new PropertyValue.Boolean(true),
        (ValueKind.Whole or ValueKind.Fraction, PropertyValue.Number number) => new PropertyValue.Number(number.Value + 1),
        (ValueKind.Whole or ValueKind.Fraction, _) => new PropertyValue.Number(1),
        (ValueKind.Choice choice, PropertyValue.String text) => new PropertyValue.String(choice.Values.First(other => other.WireName != text.Value).WireName),
        (ValueKind.Choice choice, _) => new PropertyValue.String(choice.Values[^1].WireName),
        (ValueKind.List list, PropertyValue.Array array) => new PropertyValue.Array([.. array.Items, Other(list.Item, null)]),
        (ValueKind.List list, _) => new PropertyValue.Array([Other(list.Item, null)]),
        (ValueKind.Map map, PropertyValue.Object entries) => new PropertyValue.Object(entries.Properties.With("one", Other(map.Item, null))),
        (ValueKind.Map map, _) => new PropertyValue.Object(PropertyMap.Empty.With("one", Other(map.Item, null))),
        (ValueKind.Nested nested, _) => new PropertyValue.Object(RecordShape.Of(nested.Type).Properties
            .Where(property => property.IsRequired)
            .Aggregate(PropertyMap.Empty, (map, property) => map.With(property.WireName, Other(property.Kind, null)))),
        _ => throw new NotSupportedException($"write how {kind} is changed"),
    };

    private static PropertyMap Texts(params IEnumerable<(string Name, string Value)> entries) =>
        PropertyMap.Of(entries.Select(entry => KeyValuePair.Create(entry.Name, (PropertyValue)new PropertyValue.String(entry.Value))));

    private static PropertyValue.Array Texts(string item) => new([new PropertyValue.String(item)]);

    private static string Key() => HostKey.Generate(RandomNumberGenerator.Fill, "lamp").PrivateKey;

    private static Watcher NoDevice() => new(null!);
}
