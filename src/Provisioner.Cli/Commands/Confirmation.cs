using Provisioner.Cli.Sessions;

namespace Provisioner.Cli.Commands;

/// <summary>The question before something that cannot be taken back.</summary>
internal static class Confirmation
{
    /// <param name="given">A flag has said yes already.</param>
    /// <param name="answer">What must be typed.</param>
    /// <exception cref="CliException">The answer was another, or there is nobody to be asked.</exception>
    public static async Task RequireAsync(Session session, bool given, string question, string answer, CancellationToken stop)
    {
        if (given || session.Context.Variable("PULUMI_SKIP_CONFIRMATIONS") is "1" or "true")
        {
            return;
        }

        if (!session.CanAsk)
        {
            throw new CliException(ExitCodes.Usage, "--yes must be passed in to proceed when running in non-interactive mode");
        }

        if ((await session.Context.Prompts.TextAsync(question, stop)).Trim() != answer)
        {
            throw new CliException(ExitCodes.Cancelled, "confirmation declined");
        }
    }
}
