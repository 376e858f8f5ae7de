using System.Buffers;

namespace Provisioner.Provider.Remote;

/// <summary>The one function through which data becomes part of a shell script.</summary>
internal static class ShellQuoting
{
    // A plain path is left bare because people read these scripts. A slash is asked for: it rules out reserved words,
    // file descriptor numbers in front of a redirection, and assignments ('=' is not in the set).
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-@:+,");

    /// <summary>One word of POSIX shell that means exactly <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">The value has a NUL, which no argument can hold, or half a surrogate pair, which no UTF-8 can.</exception>
    public static string Quote(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A value for a script has a NUL character in it, which no shell can take.", nameof(value));
        }

        if (!IsWellFormed(value))
        {
            throw new ArgumentException("A value for a script is not well-formed Unicode text.", nameof(value));
        }

        return value.Contains('/', StringComparison.Ordinal) && value.AsSpan().IndexOfAnyExcept(Plain) < 0
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>Whether <see cref="Quote"/> takes it.</summary>
    public static bool CanQuote(string value) => !value.Contains('\0', StringComparison.Ordinal) && IsWellFormed(value);

    private static bool IsWellFormed(string value)
    {
        for (var index = 0; index < value.Length; index++)
        {
            if (char.IsHighSurrogate(value[index]) && index + 1 < value.Length && char.IsLowSurrogate(value[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(value[index]))
            {
                return false;
            }
        }

        return true;
    }
}
