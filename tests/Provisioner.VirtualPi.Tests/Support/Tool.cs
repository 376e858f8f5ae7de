using CliWrap;
using CliWrap.Buffered;

namespace Provisioner.VirtualPi.Tests.Support;

/// <summary>A program of this host, asked as an independent judge.</summary>
internal static class Tool
{
    public static async Task<string> OutputAsync(string program, params string[] arguments) =>
        (await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput;

    /// <summary>A new ed25519 host key: the private file's text and the public line.</summary>
    public static async Task<(string Pem, string PublicLine)> NewHostKeyAsync(TemporaryFolder folder)
    {
        var file = folder.File("key");
        await OutputAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lamp", "-f", file);
        return (await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(file + ".pub"));
    }
}
