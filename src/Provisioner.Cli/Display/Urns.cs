namespace Provisioner.Cli.Display;

/// <summary>The parts of <c>urn:pulumi:stack::project::qualified$type::name</c> that a person reads.</summary>
internal static class Urns
{
    public const string StackType = "pulumi:pulumi:Stack";

    /// <summary>Everything after the third <c>::</c>; the text itself where it is no URN.</summary>
    public static string Name(string urn) => Parts(urn) is { Length: 4 } parts ? parts[3] : urn;

    /// <summary>The type token, without the parents' types; empty where it is no URN.</summary>
    public static string Type(string urn) => Parts(urn) is { Length: 4 } parts ? parts[2].Split('$')[^1] : string.Empty;

    public static bool IsStack(string urn) => Type(urn) == StackType;

    /// <summary>The provider that the engine makes by itself; nobody wrote it, so nobody looks for it.</summary>
    public static bool IsDefaultProvider(string urn) =>
        Type(urn).StartsWith("pulumi:providers:", StringComparison.Ordinal)
        && Name(urn) is var name
        && (name == "default" || name.StartsWith("default_", StringComparison.Ordinal));

    private static string[] Parts(string urn) => urn.Split("::", 4, StringSplitOptions.None);
}
