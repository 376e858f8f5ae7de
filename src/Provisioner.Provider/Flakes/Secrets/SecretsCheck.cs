using System.Collections.Immutable;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>Searches a flake for secrets: its files, whether git keeps, ignores or does not know them, and all that git remembers of them.</summary>
internal static class SecretsCheck
{
    /// <summary>What was found, in the order of files, then history.</summary>
    /// <param name="flake">The folder.</param>
    /// <param name="accepted">What somebody has looked at already.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static async Task<ImmutableArray<SecretFinding>> SearchAsync(FlakeFolder flake, AcceptedSecrets accepted, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<SecretFinding>();
        foreach (var file in flake.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(flake.Folder, file.Path);

            // A link is copied as a link; what it points to is elsewhere, or has a name of its own here.
            if (new FileInfo(path) is { LinkTarget: null, Exists: true })
            {
                using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                found.AddRange(SecretScanner.Scan(content, file.Path).Select(hit => SecretFinding.Of(hit, file.Path, file.Place)));
            }
        }

        if (flake.Repository is not null)
        {
            found.AddRange(await new FlakeHistory(flake.Folder).SearchAsync(cancellation));
        }

        return [.. found.Where(finding => !accepted.Has(finding))];
    }
}
