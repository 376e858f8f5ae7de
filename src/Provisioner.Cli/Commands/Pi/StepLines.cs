using System.Globalization;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary>Shows what is being done, and how long each step takes: with a running clock on a terminal, as lines elsewhere.</summary>
internal sealed class StepLines : IProgress<PiStep>, IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly LineWriter _out;
    private readonly TimeProvider _time;
    private readonly LiveRegion? _region;
    private readonly ITimer? _timer;
    private (string Name, long Started)? _running;

    public StepLines(Session session)
    {
        _out = session.Out;
        _time = session.Context.Time;
        if (session.IsInteractive)
        {
            _region = new LiveRegion(session.Context.Output, session.Out, session.Context.Size);
            _timer = _time.CreateTimer(_ => Draw(), null, Beat, Beat);
        }
    }

    public void Report(PiStep value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case PiStepStarted:
                    _running = (value.Name, _time.GetTimestamp());
                    if (_region is null)
                    {
                        _out.Write([Running(value.Name, string.Empty)]);
                    }

                    break;
                case PiStepFinished finished:
                    _running = null;
                    _region?.Close();
                    _out.Write([new StyledLine(new Piece("  "), value.Name, new Piece($" ({(finished.FromCache ? "cached" : Seconds(finished.Elapsed))})", Tone.Faint))]);
                    break;
            }
        }
    }

    /// <summary>Does something that tells no steps itself, as one step.</summary>
    public async Task<T> StepAsync<T>(string name, Func<Task<T>> step)
    {
        Report(new PiStepStarted(name));
        var started = _time.GetTimestamp();
        var result = await step();
        Report(new PiStepFinished(name, _time.GetElapsedTime(started), FromCache: false));
        return result;
    }

    /// <inheritdoc cref="StepAsync{T}"/>
    public Task StepAsync(string name, Func<Task> step) => StepAsync(name, async () =>
    {
        await step();
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        lock (_gate)
        {
            _region?.Close();
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_running is var (name, started))
            {
                _region!.Draw([Running(name, $" ({(int)_time.GetElapsedTime(started).TotalSeconds}s)")]);
            }
        }
    }

    private static StyledLine Running(string name, string elapsed) => new(new Piece("@ ", Tone.Heading), name + "...", new Piece(elapsed, Tone.Faint));

    private static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0}s");
}
