using CliWrap;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>A shell that does something, says "open", and stays until it is disposed of.</summary>
internal sealed class Holder : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CommandTask<CommandResult> _run;

    public Holder(string script) => _run = Cli.Wrap("/bin/sh").WithArguments(["-c", script])
        .WithStandardInputPipe(PipeSource.Create(async (_, cancellation) => await Task.Delay(Timeout.Infinite, cancellation)))
        .WithStandardOutputPipe(PipeTarget.ToDelegate(_ => _ready.TrySetResult()))
        .WithValidation(CommandResultValidation.None)
        .ExecuteAsync(_end.Token);

    public async Task ReadyAsync() => (await Task.WhenAny(_ready.Task, _run.Task)).ShouldBe(_ready.Task, "the shell ended before it was ready");

    public void Dispose()
    {
        _end.Cancel();
        _run.Task.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        _run.Dispose();
        _end.Dispose();
    }
}
