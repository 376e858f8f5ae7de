namespace Provisioner.VirtualPi;

/// <summary>Something about a virtual Pi did not work. The message says what, where the log is, and the way out.</summary>
public class PiException : Exception
{
    public PiException(string message)
        : base(message)
    {
    }

    public PiException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
