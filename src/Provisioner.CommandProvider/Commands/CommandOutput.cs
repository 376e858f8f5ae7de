using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Commands;

/// <summary>A command's lines as they come: shown as far as is wished, and the last ones kept for an error.</summary>
internal sealed class CommandOutput(Logging? logging, IOperationContext context)
{
    private const int Kept = 20;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    /// <summary>The last lines of both streams, in the order in which they came.</summary>
    public string Tail
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public void TakeStdout(string line) => Take(line, logging is null or Logging.Stdout or Logging.StdoutAndStderr);

    public void TakeStderr(string line) => Take(line, logging is null or Logging.Stderr or Logging.StdoutAndStderr);

    private void Take(string line, bool isShown)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            if (isShown)
            {
                context.Status(line);
            }
        }
    }
}
