namespace Pulumi;

/// <summary>An error for the person who runs the program: its message is shown without a stack trace.</summary>
public class RunException : Exception
{
    /// <param name="message">What is wrong and what to do; never a secret.</param>
    public RunException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong and what to do; never a secret.</param>
    /// <param name="innerException">The cause, which is not shown.</param>
    public RunException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
