using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>Stands between a flake and the device: everything that is sent ends in the Nix store, where everybody can read it.</summary>
internal static class FlakeGuard
{
    /// <summary>Refuses secrets, and warns of what the flake would not have where it is built.</summary>
    /// <exception cref="FlakeSecretException">A file that would be sent has a secret in it.</exception>
    public static async Task RequireFitAsync(FlakeFolder folder, NixosSystemArgs desired, IOperationContext context, CancellationToken cancellation)
    {
        var files = FlakeArchive.Select(folder, desired.Source);
        var sent = files.Select(file => file.Path).ToImmutableHashSet(StringComparer.Ordinal);
        var found = await SecretsCheck.SearchAsync(folder, new AcceptedSecrets(desired.AcceptedCommits, desired.AcceptedFindings), cancellation);
        var inside = found.Where(finding => finding.Commit is null && sent.Contains(finding.Path)).ToList();
        var leaks = inside.Where(finding => finding.Refuses).ToList();
        if (leaks.Count > 0)
        {
            throw new FlakeSecretException("The flake has secrets in it, and is not sent")
            {
                Where = folder.Folder,
                Why = string.Join('\n', leaks),
                Next = "take them out of the flake: whatever is sent lies in the Nix store then, where every user of the device can read it",
            };
        }

        foreach (var finding in inside.Except(leaks))
        {
            context.Warn($"sent all the same, but have a look: {finding}");
        }

        foreach (var finding in found.Except(inside).Where(finding => finding.Refuses))
        {
            context.Warn($"not sent, but worth knowing: {finding}");
        }

        var leftOut = folder.Files.Where(file => file.Place == SecretPlace.Untracked && !sent.Contains(file.Path)).Select(file => file.Path).ToList();
        if (leftOut.Count > 0)
        {
            context.Warn($"git does not track {string.Join(", ", leftOut.Take(5))}{(leftOut.Count > 5 ? $" and {leftOut.Count - 5} more" : "")}, so it is not sent; git add it, or set source to \"wholeFolder\"");
        }

        foreach (var missing in FlakeReach.Beyond(folder, files))
        {
            context.Warn(missing);
        }
    }
}

/// <summary>A flake that would be sent has a secret in it.</summary>
public sealed class FlakeSecretException(string what) : ProviderException("flake.secret", Grpc.Core.StatusCode.FailedPrecondition, what);
