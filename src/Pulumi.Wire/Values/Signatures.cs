namespace Pulumi.Wire;

/// <summary>The constants by which Pulumi tells its own values from JSON's (Pulumi's sdk/go/common/resource).</summary>
public static class Signatures
{
    /// <summary>The key that makes an object special.</summary>
    public const string Key = "4dabf18193072939515e22adb298388d";

    public const string Secret = "1b47061264138c4ac30d75fd1eb44270";
    public const string Output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
    public const string Asset = "c44067f5952c0a294b673a41bacd8c17";
    public const string Archive = "0def7320c3a5731c473e5ecbe6d01bc7";
    public const string ResourceReference = "5cf8f73096256a8f31e491e813e4eb8e";

    /// <summary>NaN and the infinities, in state files only.</summary>
    public const string SpecialNumber = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";

    private static readonly Dictionary<UnknownKind, string> Sentinels = new()
    {
        [UnknownKind.Boolean] = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        [UnknownKind.Number] = "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        [UnknownKind.String] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        [UnknownKind.Array] = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        [UnknownKind.Asset] = "030794c1-ac77-496b-92df-f27374a8bd58",
        [UnknownKind.Archive] = "e48ece36-62e2-4504-bad9-02848725956a",
        [UnknownKind.Object] = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    };

    private static readonly Dictionary<string, UnknownKind> Kinds = Sentinels.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The text that stands for a value not known yet.</summary>
    public static string Sentinel(UnknownKind kind) => Sentinels[kind];

    /// <summary>The kind of unknown that a text stands for, or null for an ordinary text.</summary>
    public static UnknownKind? UnknownOf(string text) => Kinds.TryGetValue(text, out var kind) ? kind : null;
}
