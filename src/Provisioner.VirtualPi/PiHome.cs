namespace Provisioner.VirtualPi;

/// <summary>Where virtual Pis, and what they are built from, are kept; and what they take from their surroundings.</summary>
/// <param name="Folder">An absolute path; made with mode 0700 when it is first needed.</param>
/// <param name="Time">The clock that deadlines, waits and records use.</param>
public sealed record PiHome(string Folder, TimeProvider Time)
{
    /// <summary>The variable that names the processor to use instead of trying KVM: <c>kvm</c> or <c>tcg</c>.</summary>
    public const string AccelerationVariable = "PROVISIONER_PI_ACCEL";

    private const string LoginKeyName = "login_ed25519";

    /// <summary>What to use instead of trying KVM; null to try.</summary>
    public PiAcceleration? Acceleration { get; init; }

    /// <summary>The private key (OpenSSH format, 0600) that root of every virtual Pi lets in; the public one lies beside it as <c>.pub</c>.</summary>
    public string LoginKeyFile { get; init; } = Path.Combine(Folder, LoginKeyName);

    internal string Artefacts => Path.Combine(Folder, "artefacts");

    internal string Machines => Path.Combine(Folder, "machines");

    internal string Logs => Path.Combine(Folder, "logs");

    /// <summary>
    /// The folder <c>virtual-pi</c> in $PROVISIONER_CACHE, else in ${XDG_CACHE_HOME:-~/.cache}/provisioner. The login key alone is
    /// at one place wherever the cache is, <c>~/.cache/provisioner/virtual-pi</c>: a stack's file names it.
    /// </summary>
    /// <exception cref="PiException">$PROVISIONER_PI_ACCEL names no acceleration.</exception>
    public static PiHome FromEnvironment(TimeProvider? time = null)
    {
        var usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var cache = Value("PROVISIONER_CACHE") ?? Path.Combine(Value("XDG_CACHE_HOME") ?? usual, "provisioner");
        var acceleration = Value(AccelerationVariable);
        return new PiHome(Path.Combine(Path.GetFullPath(cache), "virtual-pi"), time ?? TimeProvider.System)
        {
            LoginKeyFile = Path.Combine(usual, "provisioner", "virtual-pi", LoginKeyName),
            Acceleration = acceleration is null ? null : ParseAcceleration(acceleration),
        };
    }

    private static PiAcceleration ParseAcceleration(string text) => text switch
    {
        "kvm" => PiAcceleration.Kvm,
        "tcg" => PiAcceleration.Tcg,
        _ => throw new PiException($"{AccelerationVariable} is '{text}'. It can be kvm or tcg; leave it out to have KVM tried."),
    };

    private static string? Value(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
