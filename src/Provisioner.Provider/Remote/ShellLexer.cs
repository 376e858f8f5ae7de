using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>
/// Follows a script's literals just closely enough to know whether a quoted word may be put at the end of them. Inside
/// quotes, comments and here-documents a quoted word would not be a word any more, so a hole there is refused: a mistake of
/// ours, found by the first test that comes by, and never a user's data in the shell.
/// </summary>
internal struct ShellLexer
{
    private Ground _ground;
    private bool _escaped;
    private char _previous;

    private enum Ground
    {
        Open,
        SingleQuotes,
        DoubleQuotes,
        Backquotes,
        Comment,
        HereDocument,
    }

    public void Read(string literal)
    {
        foreach (var character in literal)
        {
            Read(character);

            // "$$" is whole; a lone "$" waits for a name, and a quoted word after it would be another kind of quoting.
            _previous = character == '$' && _previous == '$' ? '\0' : character;
        }
    }

    /// <exception cref="InvalidOperationException">A word cannot stand here.</exception>
    public readonly void RequireRoomForWord(StringBuilder source)
    {
        if (_ground != Ground.Open || _escaped || _previous == '$')
        {
            throw Misplaced("a value", source);
        }
    }

    /// <exception cref="InvalidOperationException">The script ends in the middle of something.</exception>
    public readonly void RequireEnd(StringBuilder source)
    {
        if (_ground is not (Ground.Open or Ground.Comment) || _escaped)
        {
            throw Misplaced("an end", source);
        }
    }

    private readonly InvalidOperationException Misplaced(string what, StringBuilder source)
    {
        var tail = source.ToString();
        return new InvalidOperationException(
            $"A script has {what} where quoting cannot protect it ({_ground}{(_escaped ? ", escaped" : string.Empty)}): …{tail[Math.Max(0, tail.Length - 60)..]}");
    }

    private void Read(char character)
    {
        if (_escaped)
        {
            _escaped = false;
            return;
        }

        switch (_ground)
        {
            case Ground.Open:
                ReadInTheOpen(character);
                break;
            case Ground.SingleQuotes when character == '\'':
            case Ground.Backquotes when character == '`':
            case Ground.DoubleQuotes when character == '"':
            case Ground.Comment when character == '\n':
                _ground = Ground.Open;
                break;
            case Ground.DoubleQuotes or Ground.Backquotes when character == '\\':
                _escaped = true;
                break;
        }
    }

    private void ReadInTheOpen(char character)
    {
        switch (character)
        {
            case '\\':
                _escaped = true;
                break;
            case '\'':
                _ground = Ground.SingleQuotes;
                break;
            case '"':
                _ground = Ground.DoubleQuotes;
                break;
            case '`':
                _ground = Ground.Backquotes;
                break;
            case '#' when _previous is '\0' or ' ' or '\t' or '\n' or ';' or '(' or ')' or '&' or '|':
                _ground = Ground.Comment;
                break;
            case '<' when _previous == '<':
                // Data for a command comes on stdin; a here-document would need rules of its own.
                _ground = Ground.HereDocument;
                break;
        }
    }
}
