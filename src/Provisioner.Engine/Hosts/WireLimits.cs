namespace Provisioner.Engine.Hosts;

/// <summary>What both ends of Pulumi's wire agree on.</summary>
internal static class WireLimits
{
    /// <summary>The largest message, in bytes: 400 MiB.</summary>
    public const int MessageBytes = 400 * 1024 * 1024;
}
