using System.Buffers;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Text;
using CliWrap;
using CliWrap.Exceptions;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Local;

namespace Provisioner.CommandProvider.Local;

/// <summary>A user's command as a child of this process.</summary>
internal static class LocalRun
{
    private const string Here = "this machine";
    private const int OutputLimit = 8 * 1024 * 1024;

    // Between asking a command to end and making it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly ImmutableArray<string> Shell = OperatingSystem.IsWindows() ? ["cmd", "/C"] : ["/bin/sh", "-c"];

    /// <exception cref="InputInvalidException">Its folder is not there, or its environment is too large.</exception>
    /// <exception cref="CommandFailedException">It could not be started, or did not end well.</exception>
    public static async Task<CommandOutcome> RunAsync<TSettings>(string command, TSettings settings, CommandOutcome? previous, IOperationContext context, CancellationToken cancellation)
        where TSettings : RunSettings, ILocalSettings
    {
        var folder = settings.Dir is { Length: > 0 } dir ? dir : Directory.GetCurrentDirectory();
        if (!Directory.Exists(folder))
        {
            throw new InputInvalidException("The command's folder is not there") { Where = $"dir: {folder}" };
        }

        var interpreter = settings.Interpreter is { IsDefaultOrEmpty: false } given ? given : Shell;
        var output = new CommandOutput(settings.Logging, context);
        using var overflow = new CancellationTokenSource();
        var stdout = new Kept(output.TakeStdout, overflow);
        var stderr = new Kept(output.TakeStderr, overflow);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, overflow.Token);
        using var force = new CancellationTokenSource();
        await using var forcing = stop.Token.Register(() => force.CancelAfter(Grace));
        try
        {
            var result = await Cli.Wrap(interpreter[0])
                .WithArguments([.. interpreter[1..], command])
                .WithWorkingDirectory(folder)
                .WithEnvironmentVariables(LocalDevice.NotForChildren.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal)
                    .Concat(settings.Variables(previous).Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)))
                    .GroupBy(variable => variable.Key, StringComparer.Ordinal)
                    .ToDictionary(variable => variable.Key, variable => variable.Last().Value, StringComparer.Ordinal))
                .WithStandardInputPipe(settings.Stdin is { Length: > 0 } stdin ? PipeSource.FromString(stdin, Encoding.UTF8) : PipeSource.Null)
                .WithStandardOutputPipe(PipeTarget.Create(stdout.ReadAsync))
                .WithStandardErrorPipe(PipeTarget.Create(stderr.ReadAsync))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(force.Token, stop.Token);
            if (result.ExitCode != 0)
            {
                throw CommandFailedException.Ended(result.ExitCode, command, Here, output);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw CommandFailedException.Of($"The command wrote more than {OutputLimit} bytes", command, Here, output);
        }
        catch (Exception failure) when (failure is Win32Exception or CliWrapException)
        {
            throw new InputInvalidException("The command could not be started") { Where = $"interpreter: {interpreter[0]}", Why = failure.Message };
        }

        return new CommandOutcome(CommandOutcome.Trimmed(stdout.Text), CommandOutcome.Trimmed(stderr.Text))
        {
            Assets = settings.AssetPaths is { } assets ? Globs.Assets(folder, assets) : null,
            Archive = settings.ArchivePaths is { } archive ? Globs.Archive(folder, archive) : null,
        };
    }

    /// <summary>One of the command's streams.</summary>
    private sealed class Kept(Action<string> take, CancellationTokenSource overflow)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly OutputLines _lines = new(take);

        public string Text => Encoding.UTF8.GetString(_bytes.WrittenSpan);

        public async Task ReadAsync(Stream stream, CancellationToken cancellation)
        {
            var buffer = new byte[32 * 1024];
            while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
            {
                if (_bytes.WrittenCount + count > OutputLimit)
                {
                    await overflow.CancelAsync();
                    return;
                }

                _bytes.Write(buffer.AsSpan(0, count));
                _lines.Add(buffer.AsSpan(0, count));
            }

            _lines.End();
        }
    }
}
