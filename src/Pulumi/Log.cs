using Pulumi.Runtime;
using Severity = Pulumi.Wire.Rpc.LogSeverity;

namespace Pulumi;

/// <summary>Messages to whoever runs the program. They must not hold secrets.</summary>
public static class Log
{
    /// <summary>A message for those who look for a fault; shown on demand only.</summary>
    /// <param name="message">The text.</param>
    /// <param name="resource">The resource it is about; the stack when left out.</param>
    /// <param name="streamId">Any number but 0 that joins the pieces of one message.</param>
    /// <param name="ephemeral">Whether it is a status line that the next one replaces.</param>
    public static void Debug(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Write(Severity.Debug, message, resource, streamId, ephemeral);

    /// <summary>A message that asks for nothing.</summary>
    /// <inheritdoc cref="Debug"/>
    public static void Info(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Write(Severity.Info, message, resource, streamId, ephemeral);

    /// <summary>A message about something that may be wrong.</summary>
    /// <inheritdoc cref="Debug"/>
    public static void Warn(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Write(Severity.Warning, message, resource, streamId, ephemeral);

    /// <summary>A message about something that is wrong. The run goes on, but ends as failed.</summary>
    /// <inheritdoc cref="Debug"/>
    public static void Error(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Write(Severity.Error, message, resource, streamId, ephemeral);

    /// <summary>An exception with its stack trace, as an error. Its message is withheld when it came up near a secret.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="resource">The resource it is about; the stack when left out.</param>
    /// <param name="streamId">Any number but 0 that joins the pieces of one message.</param>
    /// <param name="ephemeral">Whether it is a status line that the next one replaces.</param>
    public static void Exception(Exception exception, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var nearSecret = Blame.Of(exception) is { NearSecret: true } || Blame.Surroundings is { NearSecret: true };
        Error(ExceptionText.Of(exception, nearSecret), resource, streamId, ephemeral);
    }

    private static void Write(Severity severity, string message, Resource? resource, int? streamId, bool? ephemeral) =>
        ProgramRun.Required.Log.Write(severity, message, resource, streamId ?? 0, ephemeral ?? false);
}
