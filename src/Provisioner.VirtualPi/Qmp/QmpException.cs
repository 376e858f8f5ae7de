namespace Provisioner.VirtualPi.Qmp;

/// <summary>QEMU refused a command, hung up, or is not there.</summary>
internal sealed class QmpException : PiException
{
    public QmpException(string message)
        : base(message)
    {
    }

    public QmpException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
