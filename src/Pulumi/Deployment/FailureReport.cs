using System.Globalization;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>Tells the engine why a program failed.</summary>
internal sealed class FailureReport(ProgramSettings settings, EngineLog log, TextWriter errors)
{
    public const int Succeeded = 0;
    public const int Failed = 1;

    /// <summary>By this code the engine knows that it has been told the reason.</summary>
    public const int FailedAndToldWhy = 32;

    private readonly List<EngineClosedException> _closed = [];
    private bool _told;
    private bool _engineIsDeaf;

    public async Task AddAsync(IEnumerable<Exception> failures)
    {
        foreach (var failure in failures)
        {
            if (failure is EngineClosedException closed)
            {
                _closed.Add(closed);
            }
            else if (failure is LogException deaf)
            {
                await SayAsync(deaf.Message).ConfigureAwait(false);
            }
            else
            {
                var (message, resource) = Describe(failure);
                await TellAsync(message, resource).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the report.</summary>
    /// <returns>The process's exit code.</returns>
    public async Task<int> EndAsync()
    {
        // The engine says itself why it closed: this is for those who look for a fault.
        if (!_told && _closed.FirstOrDefault(closed => closed.InnerException is not null) is { } first)
        {
            var others = _closed.Count - 1;
            await TellAsync(
                others == 0 ? Sentence(first.Message) : string.Create(CultureInfo.InvariantCulture, $"{Sentence(first.Message)} So it was with {others} more."),
                resource: null,
                LogSeverity.Debug).ConfigureAwait(false);
        }

        return _told && !_engineIsDeaf ? FailedAndToldWhy : Failed;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private (string Message, Resource? Resource) Describe(Exception failure)
    {
        switch (failure)
        {
            case RunException:
                return (failure.Message, null);
            case ResourceException { HideStack: true } known:
                return (known.Message, known.Resource);
            case ResourceException known:
                return (known.ToString(), known.Resource);
        }

        var blame = Blame.Of(failure);
        var resources = (blame?.Resources ?? []).OrderBy(resource => resource.GetResourceName(), StringComparer.Ordinal).ToArray();
        var place = resources.Length == 0
            ? $"The program of the stack \"{settings.Stack}\" (project \"{settings.Project}\") failed"
            : $"The program failed at {string.Join(", ", resources.Select(resource => resource.Label))}";
        return ($"{place}: {ExceptionText.Of(failure, blame?.NearSecret ?? false)}", resources.FirstOrDefault());
    }

    private async Task TellAsync(string message, Resource? resource, LogSeverity severity = LogSeverity.Error)
    {
        try
        {
            await log.WriteLastAsync(severity, message, resource).ConfigureAwait(false);
            _told = true;
        }
        catch (LogException exception)
        {
            await SayAsync(exception.Message).ConfigureAwait(false);
            await SayAsync(message).ConfigureAwait(false);
        }
    }

    private async Task SayAsync(string message)
    {
        _engineIsDeaf = true;
        await errors.WriteLineAsync(message).ConfigureAwait(false);
    }
}
