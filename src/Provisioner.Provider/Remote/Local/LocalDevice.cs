using CliWrap;
using CliWrap.Exceptions;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote.Claims;

namespace Provisioner.Provider.Remote.Local;

/// <summary>This machine as a device: the same scripts, without a connection.</summary>
internal sealed class LocalDevice(DeviceAddress address, LinkTiming timing, TimeProvider time) : DeviceEnd(address)
{
    /// <summary>What opens a stack's secrets: no child gets it.</summary>
    internal static readonly string[] NotForChildren = ["PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_CONFIG_SECRET_KEYS"];

    private readonly SemaphoreSlim _slots = new(8);

    protected override async Task<ScriptResult> ExecuteAsync(Script script, Use use, CancellationToken cancellation)
    {
        var user = Environment.IsPrivilegedProcess ? "root" : Environment.UserName;
        var output = new ScriptOutput(script);
        await _slots.WaitAsync(cancellation);
        try
        {
            using var deadline = new CancellationTokenSource(script.Deadline, time);
            using var overflow = new CancellationTokenSource();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token, overflow.Token);
            using var force = new CancellationTokenSource();
            await using var forcing = stop.Token.Register(() => force.CancelAfter(timing.Grace));
            use.Tally?.Of(Address).Executed();
            try
            {
                var result = await Command(script, user, output, overflow, use).ExecuteAsync(force.Token, stop.Token);
                return output.Conclude(Address with { User = user }, result.ExitCode, null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return output.Overflowed
                    ? output.Conclude(Address, null, null)
                    : throw new ScriptTimeoutException($"A script did not end within {script.Deadline.TotalSeconds:0.#} s") { Where = Address.Display, Why = output.StderrTail };
            }
            catch (CliWrapException failure)
            {
                throw new ScriptFailedException("A script could not be started") { Where = Address.Display, Why = failure.Message };
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>This machine is nobody's device: two stacks may write two cards at once, and a disk is opened by one alone.</summary>
    protected override Task ClaimAsync(Operator by, Use use, CancellationToken cancellation) => Task.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private Command Command(Script script, string user, ScriptOutput output, CancellationTokenSource overflow, Use use)
    {
        string[] arguments = CommandLine.NeedsSudo(script, user) ? ["-n", "--", "sh", "-c", CommandLine.Wrap(script)] : ["-c", CommandLine.Wrap(script)];
        return Cli.Wrap(CommandLine.NeedsSudo(script, user) ? "sudo" : "sh")
            .WithArguments(arguments)
            .WithEnvironmentVariables(NotForChildren.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal))
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(script.Stdin is null ? PipeSource.Null : PipeSource.Create((stdin, token) => Stdin.WriteAsync(script.Stdin, stdin, use.Tally?.Of(Address), token)))
            .WithStandardOutputPipe(PipeTarget.Create((stdout, token) => ReadAsync(stdout, bytes =>
            {
                output.AddStdout(bytes);
                use.Tally?.Of(Address).Received(bytes.Length);
                if (output.Overflowed)
                {
                    overflow.Cancel();
                }
            }, token)))
            .WithStandardErrorPipe(PipeTarget.Create((stderr, token) => ReadAsync(stderr, bytes => output.AddStderr(bytes), token)));
    }

    private static async Task ReadAsync(Stream stream, Action<byte[]> take, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            take(buffer[..count]);
        }
    }
}
