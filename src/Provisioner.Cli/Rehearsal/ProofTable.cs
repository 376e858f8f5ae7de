using System.Globalization;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The table at the end: each proof, passed or failed, seconds.</summary>
internal static class ProofTable
{
    public static IEnumerable<StyledLine> Lines(IReadOnlyList<ProofResult> results)
    {
        var width = results.Max(result => Cells.Of(result.Title));
        yield return new StyledLine(new Piece($"{"Proof".PadRight(width)}  {"Result",-11}  Seconds", Tone.Heading));
        foreach (var result in results)
        {
            var title = result.Title + new string(' ', width - Cells.Of(result.Title));
            yield return new StyledLine(
                title,
                "  ",
                new Piece($"{Word(result.Verdict),-11}", ToneOf(result.Verdict)),
                "  ",
                result.Verdict == Verdict.NotReached ? "      -" : result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(7));
            if (result.Why.Length > 0)
            {
                foreach (var line in result.Why.Split('\n'))
                {
                    yield return new StyledLine(new Piece("  " + line, Tone.Error));
                }
            }
        }

        yield return StyledLine.Empty;
        var passed = results.Count(result => result.Verdict == Verdict.Passed);
        var seconds = results.Sum(result => result.Elapsed.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        yield return passed == results.Count
            ? new StyledLine(new Piece($"All {passed} proofs passed in {seconds} s.", Tone.Create))
            : new StyledLine(new Piece($"{passed} of {results.Count} proofs passed in {seconds} s.", Tone.Error));
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "FAILED",
        _ => "not reached",
    };

    private static Tone ToneOf(Verdict verdict) => verdict switch
    {
        Verdict.Passed => Tone.Create,
        Verdict.Failed => Tone.Error,
        _ => Tone.Faint,
    };
}
