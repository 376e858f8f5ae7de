using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>Lines as they come: for files, pipes and CI.</summary>
internal sealed class PlainDisplay : IDisplay
{
    private readonly LineWriter _writer;
    private readonly DisplayOptions _options;
    private readonly RunModel _model;
    private readonly Transcript _transcript;

    public PlainDisplay(LineWriter writer, TimeProvider time, DisplayOptions options)
    {
        _writer = writer;
        _options = options;
        _model = new RunModel(time, options.Debug);
        _transcript = new Transcript(_model, options, progress: true);
    }

    public void Handle(EngineEvent engineEvent)
    {
        _model.Apply(engineEvent);
        _writer.Write(_transcript.After(engineEvent));
    }

    public void Cancelling() => _writer.Write(new StyledLine(new Piece("@ ", Tone.Heading), CancellationText.Line));

    public IReadOnlyList<StyledLine> FullDetails() => DetailsText.Of(_model, _options);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
