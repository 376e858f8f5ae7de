using CliWrap;
using CliWrap.Buffered;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Programs of the machine, as oracles and helpers.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its good end and returns its stdout.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await CliWrap.Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        return result.ExitCode == 0 ? result.StandardOutput : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.StandardError}");
    }

    /// <summary>Ends a program that runs until it is stopped, and waits for its end.</summary>
    public static async Task EndAsync(Task running, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    /// <summary>Asks again until the answer is yes; the wait is a limit for a broken test, not a measure.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"waited in vain until {what}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
