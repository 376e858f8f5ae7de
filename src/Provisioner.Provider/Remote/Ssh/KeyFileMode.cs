using System.Globalization;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>Private key files that others than their owner may read or write; ssh itself does not use such a key at all.</summary>
internal static class KeyFileMode
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A sentence for each file that these options use.</summary>
    public static IEnumerable<string> Warnings(RemoteOptions options)
    {
        foreach (var path in SshCredentials.FilesOf(options))
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path) is var mode && (mode & Others) != 0 && !SshCredentials.IsPublicKey(path))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the private key {path} has the mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}: others on this machine can take it; chmod 600 {path}, and make a new key if anybody may have");
            }
        }
    }
}
