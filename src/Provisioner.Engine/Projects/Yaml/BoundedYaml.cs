using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>
/// YAML of anybody. A few hundred bytes of aliases stand for gigabytes, and brackets in brackets for more of the stack than there
/// is, so both are counted while the text is read and before a node of it is made: an alias counts for all that it stands for.
/// </summary>
internal static class BoundedYaml
{
    /// <summary>Levels of lists and mappings: as many as the JSON has that a program gets of a value.</summary>
    public const int MostLevels = 60;

    /// <summary>Keys and values, with those that aliases stand for.</summary>
    public const int MostNodes = 100_000;

    /// <summary>Characters of all texts, with those that aliases stand for.</summary>
    public const int MostCharacters = 16 << 20;

    /// <summary>Reads a text.</summary>
    /// <exception cref="YamlBoundException">It holds more than this.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static YamlStream Load(TextReader text)
    {
        var stream = new YamlStream();
        var parser = new Parser(text);
        try
        {
            stream.Load(new Counter(parser));
            return stream;
        }
        catch (Exception odd) when (odd is not (YamlException or IOException or OutOfMemoryException))
        {
            // The library's own checks of its state and arguments, where a text is odd in a way that it did not expect.
            var (start, end) = parser.Current is { } last ? (last.Start, last.End) : (Mark.Empty, Mark.Empty);
            throw new YamlException(start, end, odd.Message, odd);
        }
    }

    private sealed class Counter(Parser parser) : IParser
    {
        private readonly Stack<Frame> _open = new([new Frame(AnchorName.Empty)]);
        private readonly Dictionary<AnchorName, Frame> _anchors = [];

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            var moved = parser.MoveNext();
            switch (moved ? parser.Current : null)
            {
                case DocumentStart:
                    _anchors.Clear();
                    break;
                case Scalar scalar:
                    Add(scalar, new Frame(scalar.Anchor) { Nodes = 1, Characters = scalar.Value.Length });
                    break;
                case AnchorAlias alias:
                    // One that is not known, the parser's user names; one that is still open stands for itself.
                    Add(alias, _open.Any(frame => frame.Anchor == alias.Value)
                        ? throw new YamlBoundException(alias, $"the alias *{alias.Value} stands for something that it is a part of")
                        : _anchors.GetValueOrDefault(alias.Value) ?? new Frame(AnchorName.Empty));
                    break;
                case NodeEvent start:
                    _open.Push(new Frame(start.Anchor) { Nodes = 1 });
                    Require(start, _open.Count - 1);
                    break;
                case MappingEnd or SequenceEnd:
                    var closed = _open.Pop();
                    closed.Levels++;
                    Add(parser.Current!, closed);
                    break;
            }

            return moved;
        }

        private void Add(ParsingEvent at, Frame part)
        {
            if (!part.Anchor.IsEmpty)
            {
                _anchors[part.Anchor] = part;
            }

            var whole = _open.Peek();
            whole.Nodes += part.Nodes;
            whole.Characters += part.Characters;
            whole.Levels = Math.Max(whole.Levels, part.Levels);
            Require(at, _open.Count - 1 + part.Levels);
            if (whole.Nodes > MostNodes)
            {
                throw new YamlBoundException(at, string.Create(CultureInfo.InvariantCulture, $"up to here there are more than {MostNodes} keys and values, counted with what aliases (*name) stand for"));
            }

            if (whole.Characters > MostCharacters)
            {
                throw new YamlBoundException(at, string.Create(CultureInfo.InvariantCulture, $"up to here there are more than {MostCharacters} characters, counted with what aliases (*name) stand for"));
            }
        }

        private static void Require(ParsingEvent at, int levels)
        {
            if (levels > MostLevels)
            {
                throw new YamlBoundException(at, string.Create(CultureInfo.InvariantCulture, $"lists and mappings stand in each other here more than {MostLevels} levels deep"));
            }
        }

        private sealed class Frame(AnchorName anchor)
        {
            public AnchorName Anchor { get; } = anchor;

            public long Nodes { get; set; }

            public long Characters { get; set; }

            public int Levels { get; set; }
        }
    }
}

/// <summary>A YAML text holds more than any that people write.</summary>
internal sealed class YamlBoundException(ParsingEvent at, string problem) : YamlException(at.Start, at.End, problem);
