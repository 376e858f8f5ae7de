using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Host;

/// <summary>The programs this host must have; the packages they come in are named in Host/install-packages alone.</summary>
internal static class HostPackages
{
    private static readonly string[] Programs =
        ["qemu-system-x86_64", "qemu-img", "qemu-io", "mmdebstrap", "mke2fs", "sfdisk", "mformat", "mcopy", "cpio", "mksquashfs", "zstd", "xz", "ssh", "ssh-keygen", "unshare"];

    /// <summary>Installs what is missing; looks only, and says nothing, when all is there.</summary>
    /// <exception cref="PiException">It could not be installed.</exception>
    public static async Task EnsureAsync(PiHome home, StepTeller steps, CancellationToken cancellationToken)
    {
        var missing = Missing(Environment.GetEnvironmentVariable("PATH"));
        if (missing.Count == 0)
        {
            return;
        }

        await steps.TellAsync($"installing Debian packages on this machine (for {string.Join(", ", missing)})", () => InstallAsync(home, cancellationToken));
    }

    internal static IReadOnlyList<string> Missing(string? path)
    {
        // A user's PATH often lacks the administrator's programs; they are started from there all the same.
        string[] folders = [.. (path ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];
        return [.. Programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program))))];
    }

    private static async Task InstallAsync(PiHome home, CancellationToken cancellationToken)
    {
        PrivateFiles.MakeFolder(home.Logs);
        var script = Embedded.Unpack("Host/install-packages", Path.Combine(home.Logs, "install-packages"));
        var result = await Cli.Wrap(script).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PiException($"Installing the Debian packages that the virtual Pi needs failed:\n{result.StandardOutput}{result.StandardError}");
        }
    }
}
