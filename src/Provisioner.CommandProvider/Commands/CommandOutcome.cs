using Pulumi.Wire;

namespace Provisioner.CommandProvider.Commands;

/// <summary>What a command that ended well has left.</summary>
/// <param name="Stdout">Without the line end at its end.</param>
/// <param name="Stderr">Without the line end at its end.</param>
internal sealed record CommandOutcome(string Stdout, string Stderr)
{
    /// <summary>The files that <c>assetPaths</c> asks for, by their path from the command's folder; null when it does not.</summary>
    public PropertyMap? Assets { get; init; }

    /// <summary>The files that <c>archivePaths</c> asks for; null when it does not.</summary>
    public PropertyValue.Archive? Archive { get; init; }

    /// <summary>These, by their names on the wire.</summary>
    public IEnumerable<(string Name, PropertyValue Value)> Properties()
    {
        yield return ("stdout", Stdout);
        yield return ("stderr", Stderr);
        if (Assets is not null)
        {
            yield return ("assets", new PropertyValue.Object(Assets));
        }

        if (Archive is not null)
        {
            yield return ("archive", Archive);
        }
    }

    /// <summary>Without the one line end that nearly every command's output ends with.</summary>
    public static string Trimmed(string output) => output.EndsWith('\n') ? output[..^1] : output;
}
