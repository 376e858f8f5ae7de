using Provisioner.Engine.State;

namespace Provisioner.Engine.Tests.State;

/// <summary>States for tests.</summary>
internal static class Snapshots
{
    public static ResourceState Stack { get; } = new()
    {
        Urn = "urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev",
        Type = "pulumi:pulumi:Stack",
    };

    public static Snapshot Of(params ResourceState[] resources) => Snapshot.Empty with { Resources = [.. resources] };

    /// <summary>A provider and as many resources of it as asked for, each with a secret.</summary>
    public static Snapshot Large(int count)
    {
        var provider = new ResourceState
        {
            Urn = "urn:pulumi:dev::lamp::pulumi:providers:provisioner::default",
            Type = "pulumi:providers:provisioner",
            Custom = true,
            Id = "b7a1",
        };
        return Of([Stack, provider, .. Enumerable.Range(0, count).Select(index => new ResourceState
        {
            Urn = $"urn:pulumi:dev::lamp::provisioner:index:Device::d{index}",
            Type = "provisioner:index:Device",
            Custom = true,
            Id = $"id-{index}",
            Parent = Stack.Urn,
            Provider = $"{provider.Urn}::{provider.Id}",
            Dependencies = index == 0 ? [] : [$"urn:pulumi:dev::lamp::provisioner:index:Device::d{index - 1}"],
            Inputs = Pulumi.Wire.PropertyMap.Of(
                ("address", $"ssh://root@lamp{index}.local:22"),
                ("psk", new Pulumi.Wire.PropertyValue.Secret($"password {index}")),
                ("notes", new string('x', 1000))),
            Outputs = Pulumi.Wire.PropertyMap.Of(("model", "Raspberry Pi 4"), ("memory", 8_589_934_592d)),
            RefreshBeforeUpdate = true,
        })]);
    }
}
