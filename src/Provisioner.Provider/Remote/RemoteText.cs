using System.Text;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Remote;

/// <summary>Text from a device, made fit to be shown.</summary>
internal static partial class RemoteText
{
    private const int Lines = 20;

    /// <summary>The last lines, without terminal sequences and control characters.</summary>
    public static string Tail(ReadOnlySpan<byte> bytes)
    {
        var lines = Clean(Encoding.UTF8.GetString(bytes)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.TakeLast(Lines).Select(line => line.TrimEnd()));
    }

    /// <summary>Without terminal sequences, and without control characters other than line ends and tabs.</summary>
    public static string Clean(string text)
    {
        var plain = TerminalSequences().Replace(text, string.Empty);
        return plain.Any(IsUnwanted) ? string.Concat(plain.Where(character => !IsUnwanted(character))) : plain;
    }

    /// <summary>
    /// Control characters, and the marks that turn the direction of text around (a line that reads otherwise than it is).
    /// </summary>
    private static bool IsUnwanted(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t')) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)?|[@-Z\\-_])")]
    private static partial Regex TerminalSequences();
}
