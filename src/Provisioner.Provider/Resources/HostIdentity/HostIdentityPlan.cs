using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>What to make.</summary>
internal sealed record HostIdentityPlan : ResourcePlan
{
    /// <summary>A new key and a new host id; otherwise both stay.</summary>
    public bool MakesKey { get; init; }

    public static HostIdentityPlan Of(HostIdentityArgs desired, HostIdentityState? actual)
    {
        if (actual is null)
        {
            return new HostIdentityPlan
            {
                Changes = [new PropertyChange("hostname", ChangeKind.Add, null, desired.Hostname)],
                MakesKey = true,
            };
        }

        var brings = desired.PrivateKey is { } own && HostKey.Parse(own, "").Key?.Fingerprint != actual.Fingerprint;
        var rotates = desired.Rotate != actual.Rotate;
        PropertyChange?[] changes =
        [
            desired.Hostname == actual.Hostname ? null : new PropertyChange("hostname", ChangeKind.Update, actual.Hostname, desired.Hostname),
            rotates ? new PropertyChange("rotate", ChangeKind.Update, actual.Rotate, desired.Rotate) { Because = "a new host key and host id are made; the device has to be given them" } : null,
            desired.HostId is { } id && id != actual.HostId
                ? new PropertyChange("hostId", ChangeKind.Update, actual.HostId, id) { Because = "a pool remembers the host id of the system that had it last: it has to be exported under the old one before a system with the new one imports it" }
                : null,
            brings ? new PropertyChange("privateKey", ChangeKind.Update, "[secret]", "[secret]") { Because = "another host key; the device has to be given it" } : null,
        ];
        return new HostIdentityPlan { Changes = [.. changes.OfType<PropertyChange>()], MakesKey = rotates || brings };
    }
}
