using CliWrap;
using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Building;

/// <summary>Runs one of the embedded build scripts: settings by environment, its words to a log.</summary>
internal static class BuildScript
{
    /// <exception cref="PiException">It failed; the message has the last lines and where the log is.</exception>
    public static async Task RunAsync(
        string script, string draft, string log, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(Path.Combine(draft, ".work")).FullName;
        var tools = Directory.CreateDirectory(Path.Combine(draft, ".script")).FullName;
        var path = Embedded.Unpack(script, Path.Combine(tools, Path.GetFileName(script)));
        PrivateFiles.MakeFolder(Path.GetDirectoryName(log)!);

        var variables = settings.ToDictionary(pair => pair.Key, string? (pair) => pair.Value);
        variables["WORK"] = work;
        variables["OUT"] = draft;

        CommandResult result;
        await using (var output = new FileStream(log, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            // In namespaces of its own: when it ends, however it ends, its processes and mounts are gone too.
            result = await Cli.Wrap("unshare")
                .WithArguments(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", path])
                .WithEnvironmentVariables(variables)
                .WithStandardOutputPipe(PipeTarget.ToStream(output))
                .WithStandardErrorPipe(PipeTarget.ToStream(output))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
        }

        if (result.ExitCode != 0)
        {
            throw new PiException(
                $"{Path.GetFileName(script)} failed with exit code {result.ExitCode}. Its log is {log}; the last lines:\n{PrivateFiles.Tail(log)}");
        }

        Directory.Delete(work, recursive: true);
        Directory.Delete(tools, recursive: true);
    }
}
