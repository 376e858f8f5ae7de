using System.Globalization;
using System.Text;
using System.Text.Json;
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
    private readonly StringBuilder _everything = new();

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

    /// <summary>The stack's state, as it is on the disk.</summary>
    public string StateFile => Path.Combine(Backend, ".pulumi", "stacks", "lamp", $"{Stack}.json");

    /// <summary>All that the commands have printed so far.</summary>
    public string Everything
    {
        get
        {
            lock (_everything)
            {
                return _everything.ToString();
            }
        }
    }

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

    /// <summary>A new stack for a machine that is not there yet, and will be given the identity that the stack makes.</summary>
    public static Task<LampProject> CreateBeforeThePiAsync(HouseWifi wifi) => CreateAsync(
        new PiStatus
        {
            Name = "none",
            Power = PiPower.Absent,
            Folder = string.Empty,
            WifiPort = 1,
            KeyFile = PiHome.FromEnvironment().LoginKeyFile,
            KnownHostsFile = string.Empty,
            SerialLog = string.Empty,
        },
        hostKey: null,
        wifi);

    /// <summary>Has the stack make the identity, and nothing else; for a card, and, by its host id, for a flake.</summary>
    public async Task<(PiIdentity Identity, string HostId)> MakeIdentityAsync()
    {
        using var folder = new TemporaryFolder();
        (await UpAsync("--target", "**HostIdentity**", "--target", "**HeadlessPi::*")).Ended(0);
        (await TypeAsync("stack", "export", "--show-secrets", "--file", folder.File("clear.json"))).Ended(0);
        var state = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("clear.json"), Cancellation)).RootElement;
        var outputs = state.GetProperty("deployment").GetProperty("resources").EnumerateArray()
            .Single(resource => resource.GetProperty("type").GetString() == "provisioner:index:HostIdentity").GetProperty("outputs");
        var key = outputs.GetProperty("privateKey");
        // A secret in clear is wrapped, and its JSON stands in the wrapping.
        var pem = key.ValueKind == JsonValueKind.String ? key.GetString()! : JsonSerializer.Deserialize<string>(key.GetProperty("plaintext").GetString()!)!;
        return (new PiIdentity(pem, outputs.GetProperty("hostname").GetString()!), outputs.GetProperty("hostId").GetString()!);
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

    /// <summary>Has a program on Pulumi's Node SDK stand in the place of the checkout's own.</summary>
    /// <param name="folder">Where its <c>index.js</c> lies.</param>
    public void UseNodeProgram(string folder)
    {
        File.WriteAllText(
            _folder.File("Pulumi.yaml"),
            $"name: lamp\nruntime: nodejs\nmain: index.js\nplugins:\n  providers:\n    - name: provisioner\n      path: {Checkout.Folder}/src/Provisioner.Provider\n");
        File.WriteAllText(_folder.File("package.json"), "{}");
        File.Copy(Path.Combine(folder, "index.js"), _folder.File("index.js"));
        Directory.CreateSymbolicLink(_folder.File("node_modules"), Path.Combine(Checkout.Folder, "tests", "node", "node_modules"));
    }

    public async Task SetWifiAsync(HouseWifi wifi)
    {
        (await TypeAsync(wifi.Ssid + "\n", CancellationToken.None, "config", "set", "wifiName")).Ended(0);
        (await TypeAsync(wifi.Password + "\n", CancellationToken.None, "config", "set", "wifiPassword", "--secret")).Ended(0);
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

    public Task<Typed> TypeAsync(params string[] arguments) => TypeAsync(string.Empty, CancellationToken.None, arguments);

    /// <param name="kill">kill -9, in the middle of it.</param>
    /// <param name="input">What the command reads: a secret comes this way, so that it is in no argument.</param>
    public Task<Typed> TypeAsync(string input, CancellationToken kill, params string[] arguments) => TypeAsync(input, null, kill, arguments);

    /// <param name="started">Told the process's id, and every line as it is printed.</param>
    public async Task<Typed> TypeAsync(string input, ITypingObserver? started, CancellationToken kill, params string[] arguments)
    {
        var line = $"./provision {string.Join(' ', arguments)}";
        Tell($"$ {line}");
        var begun = TimeProvider.System.GetTimestamp();
        var printed = new StringBuilder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(kill, Cancellation);
        var lines = PipeTarget.ToDelegate(text =>
        {
            lock (_everything)
            {
                printed.AppendLine(text);
                _everything.AppendLine(text);
            }

            started?.Printed(text);
        });
        var exitCode = -1;
        try
        {
            var running = Command(arguments)
                .WithStandardInputPipe(PipeSource.FromString(input))
                .WithStandardOutputPipe(lines)
                .WithStandardErrorPipe(lines)
                .ExecuteAsync(stop.Token);
            started?.Started(running.ProcessId);
            exitCode = (await running).ExitCode;
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            // As it was meant to be.
        }

        lock (_everything)
        {
            Tell($"{printed}[exit code {exitCode}, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s]");
            return new Typed(line, exitCode, printed.ToString());
        }
    }

    /// <summary>The one resource of this type in the state.</summary>
    public async Task<JsonElement> ResourceAsync(string type)
    {
        var state = JsonDocument.Parse(await File.ReadAllTextAsync(StateFile, Cancellation)).RootElement;
        return state.GetProperty("checkpoint").GetProperty("latest").GetProperty("resources").EnumerateArray()
            .Single(resource => resource.GetProperty("type").GetString() == type);
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

/// <summary>Looks on while a command runs.</summary>
internal interface ITypingObserver
{
    void Started(int processId);

    void Printed(string line);
}
