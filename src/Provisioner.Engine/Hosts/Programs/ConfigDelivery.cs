using System.Collections.Immutable;
using System.Text;
using CliWrap;

namespace Provisioner.Engine.Hosts.Programs;

/// <summary>
/// Hands a program its configuration, secrets included. SDKs read it from the variable PULUMI_CONFIG; but what stands in the environment
/// when a process starts can be read from outside for as long as it lives. So it goes through a named pipe that only this user can open,
/// and a hook that runs inside the program before its first line sets the variable there, where nobody else sees it.
/// </summary>
internal sealed class ConfigDelivery : IDisposable
{
    /// <summary>The variable that tells the hook where the pipe is.</summary>
    public const string PipeVariable = "PROVISIONER_CONFIG_PIPE";

    private const string NodeHook = """
        import fs from "node:fs";
        const path = process.env.PROVISIONER_CONFIG_PIPE;
        delete process.env.PROVISIONER_CONFIG_PIPE;
        if (path) {
          const pipe = fs.openSync(path, "r");
          const parts = [];
          const part = Buffer.alloc(65536);
          do {
            parts.push(Buffer.from(part.subarray(0, fs.readSync(pipe, part))));
          } while (!parts.at(-1).includes(10));
          fs.closeSync(pipe);
          fs.rmSync(path, { force: true });
          process.env.PULUMI_CONFIG = Buffer.concat(parts).toString("utf8").trim();
        }
        """;

    private readonly string _folder;
    private readonly FileStream _pipe;

    private ConfigDelivery(string folder, FileStream pipe)
    {
        _folder = folder;
        _pipe = pipe;
    }

    private string PipePath => Path.Combine(_folder, "config");

    /// <param name="json">One line: JSON escapes every line break.</param>
    public static ConfigDelivery Create(string json)
    {
        var folder = Directory.CreateTempSubdirectory("provisioner-").FullName;
        var path = Path.Combine(folder, "config");
        Cli.Wrap("mkfifo").WithArguments(["-m", "600", path]).ExecuteAsync().GetAwaiter().GetResult();

        // Open for both, so that opening and writing wait for no reader.
        var pipe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
        var delivery = new ConfigDelivery(folder, pipe);

        // What does not fit into the pipe (64 KiB) waits for the reader.
        _ = Task.Run(() => delivery.Write(Encoding.UTF8.GetBytes(json + "\n")));
        return delivery;
    }

    /// <summary>The hook is this assembly's <see cref="StartupHook"/>.</summary>
    public IEnumerable<KeyValuePair<string, string>> ForDotnet() =>
    [
        KeyValuePair.Create("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location),
        KeyValuePair.Create(PipeVariable, PipePath),
    ];

    public IEnumerable<KeyValuePair<string, string>> ForNode() => [KeyValuePair.Create(PipeVariable, PipePath)];

    /// <summary>The hook as Node runs it before the program.</summary>
    public static ImmutableArray<string> NodeArguments { get; } = ["--import", "data:text/javascript," + Uri.EscapeDataString(NodeHook)];

    public void Dispose()
    {
        _pipe.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(byte[] line)
    {
        try
        {
            _pipe.Write(line);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The program ended without reading it.
        }
    }
}
