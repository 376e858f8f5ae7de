using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>Lines out of a stream of bytes as they come, each fit to be shown. What is longer than a line that people read is cut.</summary>
/// <param name="take">Told each line that is not blank; null for nobody.</param>
internal sealed class OutputLines(Action<string>? take)
{
    private const int Limit = 4096;

    private readonly Lock _lock = new();
    private readonly List<byte> _line = [];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (take is null)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var character in bytes)
            {
                // A carriage return begins a line anew, as progress bars do it.
                if (character is (byte)'\n' or (byte)'\r')
                {
                    End();
                }
                else if (_line.Count < Limit)
                {
                    _line.Add(character);
                }
            }
        }
    }

    /// <summary>The stream is over: a last line without an end is one too.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_line.Count > 0 && RemoteText.Clean(Encoding.UTF8.GetString([.. _line])).Trim() is { Length: > 0 } text)
            {
                take?.Invoke(text);
            }

            _line.Clear();
        }
    }
}
