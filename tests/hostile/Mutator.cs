using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Provisioner.Tests.Hostile;

/// <summary>
/// A mutation fuzzer: takes samples apart and puts them together wrongly, the same way in every run. What it has found once is a
/// test of its own beside it. PROVISIONER_FUZZ_ROUNDS gives it more rounds than a build has time for.
/// </summary>
internal static class Mutator
{
    // A parser may need some room for whatever comes, and a multiple of what came.
    private const long Room = 96L << 20;
    private const long Times = 400;

    private static readonly ulong[] Numbers =
        [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue];

    private static readonly string[] Words =
    [
        "\n", "\t", " ", "   ", "\0", "\"", "'", "\\", "\\x", ":", "=", "@", "/", "-", "{", "}", "[", "]", "[[", "{{", "&a ", "*a", "!", "|1|", "*", "?", "#", "~", "null",
        "-1", "0", "NaN", "Infinity", "-Infinity", "1e999", "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999",
        "\ufeff", "\u202e", "\ud83d\ude00", "\u0000", "%s", "..", "../../..",
    ];

    /// <summary>How often a parser is asked.</summary>
    public static int Rounds(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("PROVISIONER_FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : usual;

    /// <summary>Gives a parser the samples and what becomes of them; it may only end well, or with what it is documented to throw.</summary>
    /// <param name="samples">What it is made to read.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="isAnswer">Whether an exception is one that the parser is documented to throw.</param>
    /// <param name="parse">The parser.</param>
    /// <param name="inPlace">Whether everything stays where it is, as on a disk.</param>
    public static void Run(IReadOnlyList<byte[]> samples, int rounds, Func<Exception, bool> isAnswer, Action<byte[]> parse, bool inPlace = false)
    {
        rounds = Rounds(rounds);
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(round);
            var input = round < samples.Count ? samples[round] : Mutated(samples, random, inPlace);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                parse(input);
            }
            catch (Exception failure) when (isAnswer(failure))
            {
                // That is an answer.
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Round {round} ends in {failure.GetType().Name}. {Shown(input)}", failure);
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            taken.ShouldBeLessThan(Room + (Times * input.Length), $"Round {round} takes {taken >> 20} MiB. {Shown(input)}");
        }
    }

    private static byte[] Mutated(IReadOnlyList<byte[]> samples, Random random, bool inPlace)
    {
        var bytes = samples[random.Next(samples.Count)].ToList();
        for (var left = random.Next(1, 8); left > 0; left--)
        {
            if (inPlace)
            {
                MutateInPlace(bytes, random);
            }
            else
            {
                Mutate(bytes, samples, random);
            }
        }

        return [.. bytes];
    }

    private static void Mutate(List<byte> bytes, IReadOnlyList<byte[]> samples, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, random.Next(4) == 0 ? random.Next(1, 4096) : random.Next(1, 32));
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                Overwrite(bytes, at, random);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.InsertRange(at, Enumerable.Repeat(Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]), random.Next(8) == 0 ? random.Next(1, 300) : 1).SelectMany(word => word));
                break;
            case 6 when random.Next(8) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                var other = samples[random.Next(samples.Count)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 512))]);
                break;
            default:
                // A line of a text, or what lies between two such bytes.
                var end = bytes.IndexOf((byte)'\n', Math.Min(at, Math.Max(0, bytes.Count - 1)));
                if (bytes.Count > 0 && end >= at)
                {
                    bytes.RemoveRange(at, end - at);
                }

                break;
        }
    }

    /// <summary>Half of it where the tables are, at the beginning.</summary>
    private static void MutateInPlace(List<byte> bytes, Random random)
    {
        var at = random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 1 << 16));
        if (random.Next(4) == 0)
        {
            bytes[at] ^= (byte)(1 << random.Next(8));
        }
        else if (random.Next(4) == 0)
        {
            var from = random.Next(bytes.Count);
            for (var left = Math.Min(1 << random.Next(11), bytes.Count - Math.Max(at, from)); left > 0; left--)
            {
                bytes[at + left - 1] = bytes[from + left - 1];
            }
        }
        else
        {
            Overwrite(bytes, at, random);
        }
    }

    private static void Overwrite(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Numbers[random.Next(Numbers.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
            number = number[(8 - (1 << random.Next(4)))..];
        }

        var aligned = random.Next(2) == 0 ? at & ~3 : at;
        for (var index = 0; index < Math.Min(number.Length, 1 << random.Next(4)) && aligned + index < bytes.Count; index++)
        {
            bytes[aligned + index] = number[index];
        }
    }

    private static string Shown(byte[] input)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fuzz-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        return $"The input is in {file}.";
    }
}
