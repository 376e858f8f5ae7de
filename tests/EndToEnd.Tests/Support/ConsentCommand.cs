using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Support;

/// <summary>The command that gives consent, as a preview or a refusal prints it.</summary>
internal sealed partial record ConsentCommand(string Path, string Token)
{
    /// <summary>The first one in what was printed; the test fails when there is none.</summary>
    public static ConsentCommand In(Typed typed)
    {
        var command = Command().Match(typed.Printed);
        command.Success.ShouldBeTrue(typed.Printed);
        return new ConsentCommand(command.Groups["path"].Value, command.Groups["token"].Value);
    }

    /// <summary>Types it.</summary>
    public async Task TypeAsync(LampProject project) => (await project.TypeAsync("config", "set", "--path", Path, Token)).Ended(0);

    [GeneratedRegex(@"\./provision config set --path '?(?<path>consent[^ ']+)'? (?<token>[a-z]+(-[0-9a-z]{4}){4})", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}
