using System.Collections.Immutable;
using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>A device that scripts can be run on. One connection serves all that use the same device.</summary>
internal interface IRemote
{
    /// <summary>Where it is.</summary>
    DeviceAddress Address { get; }

    /// <summary>Our keys that may log in there, each the base64 part of its public line; empty when they are not known.</summary>
    ImmutableArray<string> LoginKeys => [];

    /// <summary>
    /// How long this use of the device waits for it to answer; <see cref="Script.DialPatience"/> goes before it.
    /// </summary>
    TimeSpan DialPatience { get; }

    /// <summary>Rises whenever a script that changes the device begins or ends: what was read under another number is old.</summary>
    long Generation { get; }

    /// <summary>
    /// Waits until no script that changes the device is under way: what is read meanwhile is old before it is known. No longer
    /// than a command takes, though: who installs a system for minutes is not waited for.
    /// </summary>
    Task QuietAsync(CancellationToken cancellation);

    /// <summary>
    /// Waits until nobody else of those who ask is alone with the device, in the order of asking; disposing lets the next one
    /// in. Scripts of others run meanwhile: it orders those who would disturb each other, and keeps nobody out.
    /// </summary>
    Task<IDisposable> AloneAsync(CancellationToken cancellation);

    /// <summary>
    /// Runs a script to its end. Cancellation, the deadline and a lost link end the wait at once; the process on the device is
    /// then sent a signal where that is still possible.
    /// </summary>
    /// <exception cref="Errors.DeviceUnreachableException">No connection within the patience.</exception>
    /// <exception cref="Errors.DeviceUntrustedException">Another host key than the pinned one; nothing was sent.</exception>
    /// <exception cref="Errors.DeviceLoginException">The device does not take our key, or sudo asks for a password.</exception>
    /// <exception cref="Errors.DeviceLinkLostException">The connection broke or went silent meanwhile.</exception>
    /// <exception cref="Errors.ScriptFailedException">An exit code that is not in <see cref="Script.ExitCodes"/>.</exception>
    /// <exception cref="Errors.ScriptTimeoutException">The deadline is over.</exception>
    Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation);
}

/// <summary>What a script answered.</summary>
/// <param name="ExitCode">One of the script's <see cref="Script.ExitCodes"/>.</param>
/// <param name="Stdout">All of it, up to the script's limit.</param>
/// <param name="StderrTail">The last few kilobytes, with control characters removed.</param>
internal sealed record ScriptResult(int ExitCode, ReadOnlyMemory<byte> Stdout, string StderrTail)
{
    /// <summary>All of stderr, up to the script's limit; empty when the script does not keep it.</summary>
    public ReadOnlyMemory<byte> Stderr { get; init; }

    /// <summary>stdout as UTF-8 text; what is not UTF-8 comes as U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Stdout.Span);
}
