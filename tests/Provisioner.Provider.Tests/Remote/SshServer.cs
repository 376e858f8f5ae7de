using System.Net;
using System.Net.Sockets;
using CliWrap;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>OpenSSH's sshd on loopback, with host keys, users' keys and settings of its own. Runs as whoever runs the tests.</summary>
public sealed partial class SshServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly string[] _settings;
    private Task _running = Task.CompletedTask;

    public SshServer()
        : this([])
    {
    }

    internal SshServer(params string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <summary>SHA256 fingerprint of the ed25519 host key, by ssh-keygen.</summary>
    public string Fingerprint { get; private set; } = string.Empty;

    public string User { get; } = Environment.UserName;

    public string Folder => _folder.Path;

    /// <summary>A private key that may log in.</summary>
    public string Key => _folder["login"];

    public string Log => File.Exists(_folder["sshd.log"]) ? File.ReadAllText(_folder["sshd.log"]) : string.Empty;

    public string Address(string? hostKey = null, int? port = null) =>
        $"ssh://{User}@127.0.0.1:{port ?? Port}?hostKey={Uri.EscapeDataString(hostKey ?? Fingerprint)}";

    /// <summary>A new key pair that may log in; the comment is its name.</summary>
    public async Task<string> MakeKeyAsync(string name, string type, string passphrase = "")
    {
        await Tool.RunAsync("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", name, "-f", _folder[name]);
        File.AppendAllText(_folder["authorized_keys"], File.ReadAllText(_folder[name + ".pub"]));
        return _folder[name];
    }

    public string PublicHostKey(string type) => string.Join(' ', File.ReadAllText(_folder[$"host_{type}.pub"]).Split(' ')[..2]);

    public async ValueTask InitializeAsync()
    {
        foreach (var type in new[] { "ed25519", "rsa", "ecdsa" })
        {
            await Tool.RunAsync("ssh-keygen", "-q", "-t", type, "-N", string.Empty, "-f", _folder[$"host_{type}"]);
        }

        Fingerprint = (await Tool.RunAsync("ssh-keygen", "-lf", _folder["host_ed25519.pub"])).Split(' ')[1];
        await MakeKeyAsync("login", "ed25519");
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        Port = FreePort();
        var config = _folder.Write("sshd_config", string.Join('\n',
        [
            $"ListenAddress 127.0.0.1:{Port}",
            $"HostKey {_folder["host_ed25519"]}",
            $"HostKey {_folder["host_rsa"]}",
            $"HostKey {_folder["host_ecdsa"]}",
            $"AuthorizedKeysFile {_folder["authorized_keys"]}",
            $"PidFile {_folder["sshd.pid"]}",
            "StrictModes no",
            "UsePAM no",

            // bash reads ~/.bashrc for a command over SSH unless it runs in another shell: what somebody has in there (a second of pyenv) is no part of these tests.
            "SetEnv SHLVL=1",
            "PasswordAuthentication no",
            "PermitRootLogin prohibit-password",
            "LogLevel DEBUG1",
            "MaxStartups 100",
            .. _settings,
            string.Empty,
        ]));
        _running = CliWrap.Cli.Wrap("/usr/sbin/sshd").WithArguments(["-D", "-f", config, "-E", _folder["sshd.log"]])
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(_end.Token);
        await Tool.UntilAsync(() => _running.IsCompleted || Log.Contains("Server listening", StringComparison.Ordinal), "sshd listens");
        _running.IsCompleted.ShouldBeFalse($"sshd ended: {Log}");
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.EndAsync(_running, _end);
        _end.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
