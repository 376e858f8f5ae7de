namespace Provisioner.Engine.Deployments.Urns;

/// <summary>A resource's name across deployments: <c>urn:pulumi:stack::project::qualifiedType::name</c>.</summary>
/// <param name="QualifiedType">The parents' types and its own, joined by <c>$</c>.</param>
/// <param name="Name">May itself hold <c>::</c>.</param>
internal sealed record Urn(string Stack, string Project, string QualifiedType, string Name)
{
    /// <summary>The type of the resource that stands for a stack.</summary>
    public const string StackType = "pulumi:pulumi:Stack";

    private const string Prefix = "urn:pulumi:";
    private const string ProviderTypePrefix = "pulumi:providers:";

    /// <summary>Its own type, without the parents'.</summary>
    public string Type => QualifiedType[(QualifiedType.LastIndexOf('$') + 1)..];

    public bool IsStack => QualifiedType == StackType;

    public bool IsProvider => IsProviderType(Type);

    /// <summary>A provider that the program did not ask for by itself.</summary>
    public bool IsDefaultProvider => IsProvider && (Name == "default" || Name.StartsWith("default_", StringComparison.Ordinal));

    /// <param name="parent">The parent, or null; a stack's type is never part of a child's.</param>
    public static Urn Create(string stack, string project, Urn? parent, string type, string name) =>
        new(stack, project, parent is null || parent.IsStack ? type : $"{parent.QualifiedType}${type}", name);

    /// <exception cref="FormatException">It is no URN.</exception>
    public static Urn Parse(string text) => TryParse(text) ?? throw new FormatException($"\"{text}\" is no URN; one looks like urn:pulumi:stack::project::type::name.");

    /// <summary>The URN, or null when the text is none.</summary>
    public static Urn? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text[Prefix.Length..].Split("::", 4);
        return parts.Length == 4 ? new Urn(parts[0], parts[1], parts[2], parts[3]) : null;
    }

    public static bool IsProviderType(string type) => type.StartsWith(ProviderTypePrefix, StringComparison.Ordinal);

    public static string ProviderType(string package) => ProviderTypePrefix + package;

    /// <summary>The package that a type belongs to: for a provider's own type the one it provides.</summary>
    public static string PackageOf(string type) =>
        IsProviderType(type) ? type[ProviderTypePrefix.Length..] : type.Split(':', 2)[0];

    public override string ToString() => $"{Prefix}{Stack}::{Project}::{QualifiedType}::{Name}";
}
