using System.Globalization;
using System.Text;
using CliWrap;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Support;

/// <summary>
/// The checkout's own Pulumi project, typed at from a folder of its own: same program and provider, but a stack, a backend,
/// a passphrase and a Pulumi home that nobody else has.
/// </summary>
internal sealed class LampProject : IDisposable
{
    public const string Stack = "test";
    public const string Passphrase = "for this test alone";

    private readonly TemporaryFolder _folder = new();

    private LampProject()
    {
        var project = File.ReadAllText(Path.Combine(Checkout.Folder, "Pulumi.yaml"))
            .Replace("main: infra", $"main: {Checkout.Folder}/infra", StringComparison.Ordinal)
            .Replace("path: src/", $"path: {Checkout.Folder}/src/", StringComparison.Ordinal);
        File.WriteAllText(_folder.File("Pulumi.yaml"), project);
        Directory.CreateDirectory(Backend);
    }

    public string Folder => _folder.Path;

    public string Backend => _folder.File("backend");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new stack for this machine: its address over the WiFi, its login key, and the WiFi that its router has.</summary>
    /// <param name="hostKey">What the machine is pinned to; null for the identity that the stack makes.</param>
    public static async Task<LampProject> CreateAsync(PiStatus pi, string? hostKey, HouseWifi wifi)
    {
        var project = new LampProject();
        try
        {
            (await project.TypeAsync("stack", "init", Stack)).Ended(0);
            project.Point(pi, hostKey);
            await project.SetWifiAsync(wifi);
            return project;
        }
        catch
        {
            project.Dispose();
            throw;
        }
    }

    /// <summary>Writes into the stack's file, as somebody would with an editor, where the machine is and what it is pinned to.</summary>
    public void Point(PiStatus pi, string? hostKey)
    {
        var salt = File.ReadLines(_folder.File($"Pulumi.{Stack}.yaml")).Single(line => line.StartsWith("encryptionsalt:", StringComparison.Ordinal));
        var pin = hostKey is null ? string.Empty : $"  lamp:hostKey: {hostKey}\n";
        var port = pi.WifiPort.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(
            _folder.File($"Pulumi.{Stack}.yaml"),
            $"{salt}\nconfig:\n  lamp:address: root@127.0.0.1:{port}\n{pin}  provisioner:privateKeyFile: {pi.KeyFile}\n");
    }

    public async Task SetWifiAsync(HouseWifi wifi)
    {
        (await TypeWithAsync(wifi.Ssid + "\n", "config", "set", "wifiName")).Ended(0);
        (await TypeWithAsync(wifi.Password + "\n", "config", "set", "wifiPassword", "--secret")).Ended(0);
    }

    public Task<Typed> UpAsync(params string[] more) => TypeAsync(["up", "--yes", "--skip-preview", .. more]);

    /// <summary>
    /// A preview that has reached the Pi. It waits 3 s for one and no longer, and an emulated Pi on a busy host may take
    /// more; then it is typed again, as its user would do.
    /// </summary>
    public async Task<Typed> PreviewAsync(params string[] more)
    {
        const int attempts = 10;
        Typed typed;
        var attempt = 0;
        do
        {
            typed = await TypeAsync(["preview", .. more]);
        }
        while (typed.Printed.Contains("does not answer", StringComparison.Ordinal) && ++attempt < attempts);

        return typed;
    }

    public Task<Typed> TypeAsync(params string[] arguments) => TypeWithAsync(string.Empty, arguments);

    /// <param name="input">What the command reads: a secret comes this way, so that it is in no argument.</param>
    public async Task<Typed> TypeWithAsync(string input, params string[] arguments)
    {
        var line = $"./provision {string.Join(' ', arguments)}";
        Tell($"$ {line}");
        var begun = TimeProvider.System.GetTimestamp();
        var printed = new StringBuilder();
        var lines = PipeTarget.ToDelegate(text =>
        {
            // Two streams, one listener.
            lock (printed)
            {
                printed.AppendLine(text);
            }
        });
        var result = await Command(arguments)
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithStandardOutputPipe(lines)
            .WithStandardErrorPipe(lines)
            .ExecuteAsync(Cancellation);
        Tell($"{printed}[exit code {result.ExitCode}, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s]");
        return new Typed(line, result.ExitCode, printed.ToString());
    }

    public void Dispose() => _folder.Dispose();

    private Command Command(IEnumerable<string> arguments) => Cli.Wrap(Checkout.Launcher)
        .WithArguments(arguments)
        .WithWorkingDirectory(_folder.Path)
        .WithEnvironmentVariables(variables => variables
            .Set("PULUMI_BACKEND_URL", $"file://{Backend}")
            .Set("PULUMI_CONFIG_PASSPHRASE", Passphrase)
            .Set("PULUMI_CONFIG_PASSPHRASE_FILE", null)
            .Set("PULUMI_STACK", null)
            .Set("PULUMI_HOME", _folder.File("home")))
        .WithValidation(CommandResultValidation.None);

    private static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
