using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>A view that is drawn in place while the run goes on; at its end the lines that stay take its place.</summary>
internal sealed class LiveDisplay : IDisplay
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly LineWriter _writer;
    private readonly DisplayOptions _options;
    private readonly RunModel _model;
    private readonly Transcript _transcript;
    private readonly LiveRegion _region;
    private readonly Func<TerminalSize> _size;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _timer;
    private readonly List<StyledLine> _kept = [];
    private bool _closed;
    private bool _spoilt;
    private volatile bool _cancelling;

    public LiveDisplay(TextWriter output, LineWriter writer, Func<TerminalSize> size, TimeProvider time, DisplayOptions options)
    {
        _writer = writer;
        _options = options;
        _size = size;
        _time = time;
        _started = time.GetTimestamp();
        _model = new RunModel(time, options.Debug);
        _transcript = new Transcript(_model, options, progress: false);
        _region = new LiveRegion(output, writer, size);
        _timer = time.CreateTimer(_ => Draw(), null, Beat, Beat);
    }

    public void Handle(EngineEvent engineEvent)
    {
        lock (_gate)
        {
            _model.Apply(engineEvent);
            var lines = _transcript.After(engineEvent);
            if (engineEvent is EngineEvent.Started)
            {
                _writer.Write(lines);
            }
            else
            {
                _kept.AddRange(lines);
            }

            if (engineEvent is EngineEvent.Ended)
            {
                Close();
            }
        }
    }

    public void Cancelling() => _cancelling = true;

    public IReadOnlyList<StyledLine> FullDetails() => DetailsText.Of(_model, _options);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_gate)
        {
            Close();
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_closed || _spoilt || _model.Stack.Length == 0)
            {
                return;
            }

            try
            {
                _region.Draw(LiveFrame.Of(_model, _size(), _time.GetElapsedTime(_started), _cancelling));
            }
            catch (Exception)
            {
                // A timer's exception ends the process. What stays is still shown at the end.
                _spoilt = true;
            }
        }
    }

    private void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _region.Close();
            _writer.Write(_kept);
        }
    }
}
