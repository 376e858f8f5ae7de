namespace EndToEnd.Tests.Support;

/// <summary>A command as it was typed, how it ended, and all that it printed on both streams.</summary>
internal sealed record Typed(string Line, int ExitCode, string Printed)
{
    /// <summary>Fails the test, with everything that was printed, unless the command ended like this.</summary>
    public Typed Ended(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, $"{Line}\n{Printed}");
        return this;
    }

    /// <summary>Fails the test unless all of these words were printed.</summary>
    public Typed Said(params IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            Printed.ShouldContain(word, Case.Sensitive, Line);
        }

        return this;
    }
}
