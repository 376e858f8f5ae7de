using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>Registrations from the wire. An option that this engine does not know is refused by name, never ignored.</summary>
/// <param name="projectFolder">The folder of Pulumi.yaml.</param>
/// <param name="programFolder">What relative paths of assets start from.</param>
internal sealed class GoalDecoder(PackageReferences packages, RunSecrets secrets, string projectFolder, string programFolder)
{
    /// <exception cref="GoalException">An option is not supported.</exception>
    /// <exception cref="FormatException">A value is malformed.</exception>
    public ResourceGoal Decode(RegisterResourceRequest request)
    {
        Refuse(request.Remote, "a remote component");
        Refuse(request.ImportId.Length > 0 && !request.Custom, "the option \"import\" on a component");
        Refuse(request.ReplacementTrigger is not null, "the option \"replacementTrigger\"");
        Refuse(request.HideDiffs.Count > 0, "the option \"hideDiffs\"");
        var properties = request.PropertyDependencies.ToImmutableSortedDictionary(
            entry => entry.Key, entry => (ImmutableArray<string>)[.. entry.Value.Urns.Order(StringComparer.Ordinal)], StringComparer.Ordinal);
        return new ResourceGoal
        {
            Type = request.Type,
            Name = request.Name,
            Parent = request.Parent,
            Custom = request.Custom,
            Inputs = AssetHashes.Compute(secrets.Received(PropertyShapes.Settle(PropertyCodec.Decode(request.Object))), programFolder, projectFolder),
            Protect = request.HasProtect ? request.Protect : null,
            RetainOnDelete = request.HasRetainOnDelete ? request.RetainOnDelete : null,
            DeletedWith = request.DeletedWith,
            ReplaceWith = [.. request.ReplaceWith.Distinct()],
            Dependencies = [.. request.Dependencies.Concat(properties.Values.SelectMany(urns => urns)).Distinct().Order(StringComparer.Ordinal)],
            PropertyDependencies = properties,
            Provider = request.Provider,
            Package = Package(request.Type, request.Version, request.PluginDownloadUrl, request.PackageRef),
            ImportId = request.ImportId,
            DeleteBeforeReplace = request.DeleteBeforeReplaceDefined || request.DeleteBeforeReplace ? request.DeleteBeforeReplace : null,
            IgnoreChanges = [.. request.IgnoreChanges],
            ReplaceOnChanges = [.. request.ReplaceOnChanges],
            AdditionalSecretOutputs = [.. request.AdditionalSecretOutputs],
            Aliases = [.. request.AliasUrns.Select(urn => new ResourceAlias.Exact(urn)), .. request.Aliases.Select(Decode)],
            CustomTimeouts = Decode(request.CustomTimeouts),
            SourcePosition = Position(request.SourcePosition),
        };
    }

    /// <exception cref="FormatException">A value is malformed.</exception>
    public ResourceGoal Decode(ReadResourceRequest request) => new()
    {
        Type = request.Type,
        Name = request.Name,
        Parent = request.Parent,
        Custom = true,
        Inputs = secrets.Received(PropertyShapes.Settle(PropertyCodec.Decode(request.Properties))),
        Dependencies = [.. request.Dependencies],
        Provider = request.Provider,
        Package = Package(request.Type, request.Version, request.PluginDownloadUrl, request.PackageRef),
        AdditionalSecretOutputs = [.. request.AdditionalSecretOutputs],
        SourcePosition = Position(request.SourcePosition),
    };

    /// <summary>The package that a type or a function belongs to.</summary>
    public PackageRequest Package(string token, string version, string url, string reference) =>
        reference.Length > 0 ? packages.Find(reference) : new PackageRequest(Urn.PackageOf(token), version, url);

    private static ResourceAlias Decode(Alias alias)
    {
        if (alias.AliasCase == Alias.AliasOneofCase.Urn)
        {
            return new ResourceAlias.Exact(alias.Urn);
        }

        var spec = alias.Spec ?? new Alias.Types.Spec();
        return new ResourceAlias.Parts(
            NullIfEmpty(spec.Name),
            NullIfEmpty(spec.Type),
            NullIfEmpty(spec.Stack),
            NullIfEmpty(spec.Project),
            spec.ParentCase switch
            {
                Alias.Types.Spec.ParentOneofCase.ParentUrn => spec.ParentUrn,
                Alias.Types.Spec.ParentOneofCase.NoParent when spec.NoParent => string.Empty,
                _ => null,
            });
    }

    private static CustomTimeouts? Decode(RegisterResourceRequest.Types.CustomTimeouts? timeouts)
    {
        var limits = timeouts is null
            ? new CustomTimeouts(null, null, null, null)
            : new CustomTimeouts(GoDuration.Parse(timeouts.Create), GoDuration.Parse(timeouts.Update), GoDuration.Parse(timeouts.Delete), GoDuration.Parse(timeouts.Read));
        return limits == new CustomTimeouts(null, null, null, null) ? null : limits;
    }

    /// <summary>Relative to the project, or the state would differ from one machine to the next.</summary>
    private string Position(SourcePosition? position)
    {
        if (position is null || !Uri.TryCreate(position.Uri, UriKind.Absolute, out var uri) || !uri.IsFile)
        {
            return string.Empty;
        }

        var relative = Path.GetRelativePath(projectFolder, uri.LocalPath);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"project:///{relative.Replace('\\', '/')}#{position.Line},{position.Column}");
    }

    private static void Refuse(bool isUsed, string what)
    {
        if (isUsed)
        {
            throw new GoalException($"This engine does not know {what}. Leave it out, or use Pulumi's own CLI on the same files.");
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
