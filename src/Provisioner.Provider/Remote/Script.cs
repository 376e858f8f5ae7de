using System.Collections.Immutable;

namespace Provisioner.Provider.Remote;

/// <summary>
/// A script for a device, as a value. It runs under <c>set -eu</c> with umask 077, LC_ALL=C and a PATH that finds system
/// tools on NixOS and Debian alike. With a payload, <c>$stdin_bytes</c> tells how many bytes will come on stdin: a script
/// that keeps them compares the count, because a link that breaks looks to <c>cat</c> like the end of the data.
/// </summary>
internal sealed record Script
{
    private Script(Shell text) => Text = text;

    /// <summary>What runs. It holds no secret: the whole of it stands in argv.</summary>
    public Shell Text { get; }

    /// <summary>What it reads from stdin; null for nothing.</summary>
    public Payload? Stdin { get; init; }

    /// <summary>How long it may take, once it has begun; infinite for as long as the operation allows. Kept on our side: a device with a dead disk keeps none.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs as root; through <c>sudo -n</c> where the user is another.</summary>
    public bool NeedsRoot { get; init; } = true;

    /// <summary>It may be run a second time when the link broke during the first.</summary>
    public bool Idempotent { get; init; }

    /// <summary>It changes something on the device; what has been read of the device before is then old.</summary>
    public bool Changes { get; init; } = true;

    /// <summary>
    /// It must come in over a new connection, as proof that a new connection is possible. Dialled again and again until
    /// <see cref="DialPatience"/> is over.
    /// </summary>
    public bool FreshLink { get; init; }

    /// <summary>
    /// Where the device is dialled, in turn, instead of at its address, because that is being changed; its key proves that it is
    /// the same. <see cref="DeviceAddress.Own"/> is the address's own. Where it answers, it is dialled from then on.
    /// </summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>How long to wait for the device to answer at all; null for what suits the operation.</summary>
    public TimeSpan? DialPatience { get; init; }

    /// <summary>Exit codes that are answers, not failures.</summary>
    public ImmutableArray<int> ExitCodes { get; init; } = [0];

    /// <summary>At most this much of stdout is kept, in bytes; more is a failure.</summary>
    public int OutputLimit { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Takes stdout piece by piece instead of its being kept, for much of it; the script waits while it is at work. It may throw
    /// <see cref="IOException"/>: the script is then ended.
    /// </summary>
    public Action<ReadOnlyMemory<byte>>? Sink { get; init; }

    /// <summary>
    /// It runs in the environment that the login gives: no umask, no locale and no PATH of ours, and without <c>set -eu</c>. For a
    /// command that a user wrote for their own shell.
    /// </summary>
    public bool AsIs { get; init; }

    /// <summary>stderr is kept as stdout is, and counts for <see cref="OutputLimit"/> by itself.</summary>
    public bool KeepsStderr { get; init; }

    /// <summary>Told every line of stdout as it comes, fit to be shown.</summary>
    public Action<string>? StdoutLines { get; init; }

    /// <summary>Told every line of stderr as it comes, fit to be shown: a long work's progress.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>A script that changes something.</summary>
    public static Script Of(ref ShellInterpolation source) => new(Shell.Of(ref source));

    /// <summary>A script that changes something.</summary>
    public static Script Of(Shell text) => new(text);

    /// <summary>A script that only looks: it may be repeated, and what was read before stays true.</summary>
    public static Script Looking(Shell text) => new(text) { Changes = false, Idempotent = true };

    /// <summary>For people: the text, and what is known of stdin without its content.</summary>
    public override string ToString() => Stdin is null ? Text.Source : $"{Text.Source}\n# stdin: {Stdin}";
}
