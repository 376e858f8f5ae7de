using System.Text;
using Grpc.Core;

namespace Provisioner.Provider.Errors;

/// <summary>
/// A failure that says what, where, why, and the next command to type. Every kind has a stable code, which scripts and
/// tests may rely on; the texts may change. The message holds no secret as far as its maker knows; the host redacts again.
/// </summary>
public abstract class ProviderException : Exception
{
    private protected ProviderException(string code, StatusCode status, string what, Exception? inner = null)
        : base(what, inner)
    {
        Code = code;
        Status = status;
        What = what;
    }

    /// <summary>Stable, such as <c>device.unreachable</c>.</summary>
    public string Code { get; }

    /// <summary>
    /// What the engine is told. Never Internal, Unknown or DataLoss: those make an engine mark its state as perhaps corrupt
    /// (facts of the wire, section b), and a failure that has a type is a clean one.
    /// </summary>
    public StatusCode Status { get; }

    /// <summary>One sentence without a full stop: what did not work.</summary>
    public string What { get; }

    /// <summary>The device, file or property it is about.</summary>
    public string? Where { get; init; }

    /// <summary>The cause, as far as it is known; may have several lines.</summary>
    public string? Why { get; init; }

    /// <summary>What to do, best a command to type.</summary>
    public string? Next { get; init; }

    /// <summary>All of it, in lines.</summary>
    public override string Message
    {
        get
        {
            var text = new StringBuilder(What);
            Append(text, "where", Where);
            Append(text, "why", Why);
            Append(text, "next", Next);
            return text.Append("\n  code:  ").Append(Code).ToString();
        }
    }

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            text.Append("\n  ").Append((label + ":").PadRight(7)).Append(value.Trim().ReplaceLineEndings("\n         "));
        }
    }
}
