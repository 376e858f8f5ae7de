namespace Provisioner.Engine.Deployments.Urns;

/// <summary>Which provider a resource belongs to: <c>providerURN::id</c>.</summary>
internal sealed record ProviderReference(string Urn, string Id)
{
    public string Package => Urns.Urn.PackageOf(Urns.Urn.Parse(Urn).Type);

    /// <exception cref="FormatException">It is no provider's URN with an id.</exception>
    public static ProviderReference Parse(string text)
    {
        var end = text.LastIndexOf("::", StringComparison.Ordinal);
        return end > 0 && Urns.Urn.TryParse(text[..end]) is { IsProvider: true }
            ? new ProviderReference(text[..end], text[(end + 2)..])
            : throw new FormatException($"\"{text}\" names no provider; a reference looks like urn:pulumi:stack::project::pulumi:providers:package::name::id.");
    }

    public override string ToString() => $"{Urn}::{Id}";
}
