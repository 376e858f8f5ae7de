using System.Text;

namespace Pulumi.Runtime;

/// <summary>An exception as text for a log.</summary>
internal static class ExceptionText
{
    /// <param name="exception">The exception.</param>
    /// <param name="withholdMessages">
    /// Set when a secret was at hand: messages often quote the value they are about ("the input 'hunter2' was not in a correct
    /// format"), so that only the types and the places are told.
    /// </param>
    public static string Of(Exception exception, bool withholdMessages)
    {
        if (!withholdMessages)
        {
            return exception.ToString();
        }

        var text = new StringBuilder();
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            text.Append(cause == exception ? string.Empty : "caused by ")
                .Append(cause.GetType().FullName)
                .AppendLine(" (its message is withheld, because it may quote a secret that the program was working on)")
                .AppendLine(cause.StackTrace);
        }

        return text.ToString().TrimEnd();
    }
}
