using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>
/// POSIX shell source text, made of literals from our own source and values that went through the one quoting function.
/// There is no way to make one from a text that is only known at run time, except as a quoted word.
/// </summary>
/// <remarks>
/// <c>Shell.Of($"install -m 0600 /dev/null {path}\n")</c>: every hole becomes exactly one word (a sequence becomes one word
/// for each item), whatever it holds. A <see cref="Shell"/> in a hole is inserted as it stands.
/// </remarks>
internal sealed record Shell
{
    private Shell(string source) => Source = source;

    /// <summary>Nothing to run.</summary>
    public static Shell Empty { get; } = new(string.Empty);

    /// <summary>The source text. It holds no secret: it travels in argv, which every user of the device can read.</summary>
    public string Source { get; }

    /// <summary>Source text from an interpolated string.</summary>
    /// <exception cref="InvalidOperationException">A hole stands inside quotes, a comment or after <c>&lt;&lt;</c>, where quoting cannot protect it.</exception>
    public static Shell Of(ref ShellInterpolation source) => new(source.ToString());

    /// <summary>Pieces, each on lines of its own.</summary>
    public static Shell Lines(params IEnumerable<Shell> pieces) =>
        new(string.Join('\n', pieces.Select(piece => piece.Source.TrimEnd('\n')).Where(source => source.Length > 0)));

    public override string ToString() => Source;
}

/// <summary>Builds a <see cref="Shell"/>: literals as they are, values quoted.</summary>
[InterpolatedStringHandler]
internal ref struct ShellInterpolation
{
    private readonly StringBuilder _source;
    private ShellLexer _lexer;

    public ShellInterpolation(int literalLength, int formattedCount)
    {
        _source = new StringBuilder(literalLength + (formattedCount * 16));
        _lexer = default;
    }

    public void AppendLiteral(string literal)
    {
        _lexer.Read(literal);
        _source.Append(literal);
    }

    /// <summary>One word, whatever the value holds.</summary>
    public void AppendFormatted(string value)
    {
        _lexer.RequireRoomForWord(_source);
        _source.Append(ShellQuoting.Quote(value));
    }

    /// <summary>A number.</summary>
    public void AppendFormatted(long value)
    {
        _lexer.RequireRoomForWord(_source);
        _source.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One word for each item, with blanks between them.</summary>
    public void AppendFormatted(ImmutableArray<string> words)
    {
        _lexer.RequireRoomForWord(_source);
        _source.AppendJoin(' ', words.Select(ShellQuoting.Quote));
    }

    /// <summary>Source text as it stands.</summary>
    public void AppendFormatted(Shell source)
    {
        _lexer.RequireRoomForWord(_source);
        _lexer.Read(source.Source);
        _source.Append(source.Source);
    }

    public override readonly string ToString()
    {
        _lexer.RequireEnd(_source);
        return _source.ToString();
    }
}
