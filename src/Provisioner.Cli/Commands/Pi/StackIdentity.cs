using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.State;
using Provisioner.VirtualPi;
using Pulumi.Wire;

namespace Provisioner.Cli.Commands.Pi;

/// <summary>A host's identity out of a stack's state.</summary>
internal static class StackIdentity
{
    private const string Type = "provisioner:index:HostIdentity";

    /// <param name="asked"><c>STACK</c>, or <c>STACK/NAME</c> with the resource's name.</param>
    /// <exception cref="CliException">The stack has no such resource, or several.</exception>
    public static async Task<PiIdentity> LoadAsync(Session session, string asked, CancellationToken cancellationToken)
    {
        var one = await FindAsync(session, asked, cancellationToken);
        return new PiIdentity(Text(one.Outputs, "privateKey", one.Urn), Text(one.Outputs, "hostname", one.Urn));
    }

    /// <inheritdoc cref="LoadAsync"/>
    /// <returns>What of it is no secret: the host's name and ZFS's host id.</returns>
    public static async Task<(string HostName, string HostId)> LoadNamesAsync(Session session, string asked, CancellationToken cancellationToken)
    {
        var one = await FindAsync(session, asked, cancellationToken);
        return (Text(one.Outputs, "hostname", one.Urn), Text(one.Outputs, "hostId", one.Urn));
    }

    private static async Task<ResourceState> FindAsync(Session session, string asked, CancellationToken cancellationToken)
    {
        var (stack, name) = asked.Split('/', 2) is [var first, var second] ? (first, second) : (asked, null);
        using var workspace = Workspace.Open(session);
        stack = await workspace.RequireStackAsync(stack, cancellationToken);
        var snapshot = await workspace.Backend.LoadAsync(stack, workspace.Secrets, cancellationToken);
        var found = snapshot.Resources
            .Where(resource => resource.Type == Type && !resource.Delete && (name is null || Urns.Name(resource.Urn) == name))
            .ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new CliException(
                ExitCodes.Error,
                $"stack \"{stack}\" has no HostIdentity{(name is null ? string.Empty : $" named \"{name}\"")} in its state yet. Make it first: `{CommandLine.Name} up --stack {stack} --target '**HostIdentity**'`."),
            _ => throw new CliException(
                ExitCodes.Usage,
                $"stack \"{stack}\" has several HostIdentity resources. Name one: {string.Join(", ", found.Select(resource => $"--identity {stack}/{Urns.Name(resource.Urn)}"))}."),
        };
    }

    private static string Text(PropertyMap outputs, string property, string urn) =>
        outputs.TryGetValue(property, out var value) && value.TryGetText(out var text)
            ? text
            : throw new CliException(ExitCodes.Error, $"{urn} has no output \"{property}\" in the state. Run `{CommandLine.Name} up` first.");
}
