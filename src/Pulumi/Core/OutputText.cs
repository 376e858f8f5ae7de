using Pulumi.Runtime;

namespace Pulumi;

/// <summary>What an output answers when somebody wants it as text.</summary>
internal static class OutputText
{
    private const string Advice =
        """
        An Output<T> was turned into text. Its value may not be known yet, or may be a secret, so this text stands in its place.
        Make the text inside an output instead:
          output.Apply(value => $"before {value} after")
          Output.Format($"before {output} after")
        """;

    public static string Refuse()
    {
        if (Environment.GetEnvironmentVariable("PULUMI_ERROR_OUTPUT_STRING") is { } wish
            && (wish == "1" || string.Equals(wish, "true", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException(Advice);
        }

        ProgramRun.Current?.Log.Write(Wire.Rpc.LogSeverity.Warning, Advice);
        return Advice;
    }
}
