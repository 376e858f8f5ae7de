using System.Buffers.Binary;

namespace Pulumi.Wire.Redaction;

/// <summary>
/// Finds many byte strings in a text in one pass, whole or in fragments of a length that each string names: a line of a key that was
/// broken into lines, a password at whose middle a text was cut off. Eight bytes of a string are one number, and the numbers of each
/// string stand in a table at such distances that every fragment has one of them whole; where a text has that number, the bytes around
/// it are compared. So a string costs what it is long, once, and a text what it is long, however many strings there are.
/// </summary>
internal sealed class FragmentIndex
{
    private const int Gram = sizeof(ulong);
    private const int Stub = 3;

    // Keys of one kind begin with the same bytes. What they have in common is found by any of them, and what is a key's own by its own.
    private const int SameGram = 8;

    private const int FilterBits = 17;

    private readonly Dictionary<ulong, List<Place>> _grams = [];
    private readonly ulong[] _filter = new ulong[(1 << FilterBits) / 64];
    private readonly Dictionary<int, List<byte[]>> _stubs = [];

    /// <summary>Adds a string.</summary>
    /// <param name="text">Three bytes or more.</param>
    /// <param name="fragment">The length of what is found of it; its own for the whole only.</param>
    public void Add(byte[] text, int fragment)
    {
        if (text.Length < Gram)
        {
            var key = StubAt(text);
            if (!_stubs.TryGetValue(key, out var same))
            {
                _stubs.Add(key, same = []);
            }

            same.Add(text);
            return;
        }

        if (fragment >= text.Length)
        {
            // The middle: what comes first or last is often the same in others.
            Add(new Place(text, (text.Length - Gram) / 2, text.Length), int.MaxValue);
            return;
        }

        var step = fragment - Gram + 1;
        for (var at = 0; at + Gram <= text.Length; at += step)
        {
            Add(new Place(text, at, fragment), SameGram);
        }
    }

    /// <summary>Where the strings, or fragments of them, are in a text.</summary>
    public IEnumerable<(int At, int Length)> Find(TextView view)
    {
        var found = new List<(int, int)>();
        var bytes = view.Bytes;
        for (var at = 0; at + Stub <= bytes.Length;)
        {
            if (_stubs.Count > 0 && _stubs.TryGetValue(StubAt(bytes[at..]), out var stubs))
            {
                foreach (var stub in stubs)
                {
                    if (bytes[at..].StartsWith(stub))
                    {
                        found.Add((at, stub.Length));
                    }
                }
            }

            var end = -1;
            if (at + Gram <= bytes.Length && GramAt(bytes[at..]) is var gram && MayHave(gram) && _grams.TryGetValue(gram, out var places))
            {
                foreach (var place in places)
                {
                    var (before, length) = Common(bytes, at, place);
                    if (length >= place.Fragment)
                    {
                        found.Add((at - before, length));
                        end = Math.Max(end, at - before + length);
                    }
                }
            }

            // What lies inside needs no second look; what begins inside and ends behind has its numbers at the end.
            at = Math.Max(at + 1, end - Gram + 1);
        }

        return found;
    }

    private static (int Before, int Length) Common(ReadOnlySpan<byte> bytes, int at, Place place)
    {
        var pattern = place.Text.AsSpan();
        var most = Math.Min(at, place.At);
        var before = 0;
        while (before < most && bytes[at - before - 1] == pattern[place.At - before - 1])
        {
            before++;
        }

        return (before, before + bytes[at..].CommonPrefixLength(pattern[place.At..]));
    }

    private static ulong GramAt(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static int StubAt(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    // One bit for each number that is there: nearly all numbers of nearly all texts are not.
    private bool MayHave(ulong gram) => Bit(gram) is var bit && (_filter[bit / 64] & (1UL << (bit % 64))) != 0;

    private static int Bit(ulong gram) => (int)((gram * 0x9E37_79B9_7F4A_7C15) >> (64 - FilterBits));

    private void Add(Place place, int limit)
    {
        var gram = GramAt(place.Text.AsSpan(place.At));
        var bit = Bit(gram);
        _filter[bit / 64] |= 1UL << (bit % 64);
        if (!_grams.TryGetValue(gram, out var same))
        {
            _grams.Add(gram, same = new List<Place>(1));
        }

        if (same.Count < limit)
        {
            same.Add(place);
        }
    }

    private readonly record struct Place(byte[] Text, int At, int Fragment);
}
