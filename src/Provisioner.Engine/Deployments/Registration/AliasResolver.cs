using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Urns;

namespace Provisioner.Engine.Deployments.Registration;

/// <summary>The URNs under which a resource may be in the state.</summary>
internal static class AliasResolver
{
    /// <param name="urn">Its URN now.</param>
    /// <param name="parent">Its parent's URN now, or null.</param>
    /// <param name="formerParent">The URN under which the parent was found in the state, or null when that is no other.</param>
    /// <returns>Other URNs, the likeliest first.</returns>
    public static ImmutableArray<string> Resolve(Urn urn, Urn? parent, Urn? formerParent, IEnumerable<ResourceAlias> aliases)
    {
        var found = new List<Urn>();
        foreach (var alias in aliases)
        {
            switch (alias)
            {
                case ResourceAlias.Exact exact:
                    found.Add(Urn.Parse(exact.Urn));
                    break;
                case ResourceAlias.Parts parts:
                    found.Add(Build(urn, parts, parts.Parent is null ? parent : parts.Parent.Length == 0 ? null : Urn.Parse(parts.Parent)));
                    if (parts.Parent is null && formerParent is not null)
                    {
                        found.Add(Build(urn, parts, formerParent));
                    }

                    break;
            }
        }

        if (formerParent is not null && parent is not null)
        {
            found.Add(Urn.Create(urn.Stack, urn.Project, formerParent, urn.Type, Inherited(urn.Name, parent.Name, formerParent.Name)));
        }

        return [.. found.Select(candidate => candidate.ToString()).Distinct().Where(candidate => candidate != urn.ToString())];
    }

    private static Urn Build(Urn urn, ResourceAlias.Parts parts, Urn? parent) =>
        Urn.Create(parts.Stack ?? urn.Stack, parts.Project ?? urn.Project, parent, parts.Type ?? urn.Type, parts.Name ?? urn.Name);

    /// <summary>A child that carries its parent's name in front of its own was renamed with it.</summary>
    private static string Inherited(string name, string parent, string formerParent) =>
        name.StartsWith(parent, StringComparison.Ordinal) ? formerParent + name[parent.Length..] : name;
}
