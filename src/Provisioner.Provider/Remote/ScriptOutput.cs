using System.Buffers;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Remote;

/// <summary>What arrives from a running script, with bounded memory whatever it writes.</summary>
internal sealed class ScriptOutput(Script script)
{
    private const int TailLimit = 8 * 1024;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _stdout = new();
    private readonly List<byte> _firstLine = [];
    private readonly Queue<byte> _tail = new();
    private readonly ArrayBufferWriter<byte> _stderr = new();
    private readonly OutputLines _stdoutLines = new(script.StdoutLines);
    private readonly OutputLines _stderrLines = new(script.Progress);
    private readonly TaskCompletionSource<int> _group = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? _sinkFailure;
    private bool _begun;

    /// <summary>Bytes of both streams.</summary>
    public long Received { get; private set; }

    /// <summary>More came on stdout than may, or nobody takes it any more.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The process group; completes when the script has begun.</summary>
    public Task<int> Group => _group.Task;

    /// <summary>All of stdout.</summary>
    public ReadOnlyMemory<byte> Stdout
    {
        get
        {
            lock (_lock)
            {
                return _stdout.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>The end of stderr, fit to be read by people.</summary>
    public string StderrTail
    {
        get
        {
            lock (_lock)
            {
                byte[] bytes = _begun ? [.. _tail] : [.. _tail, .. _firstLine];
                return RemoteText.Tail(bytes);
            }
        }
    }

    public void AddStdout(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            Received += bytes.Length;
            if (script.Sink is null)
            {
                var room = script.OutputLimit - _stdout.WrittenCount;
                Overflowed |= bytes.Length > room;
                _stdout.Write(bytes.Span[..Math.Min(bytes.Length, room)]);
            }
        }

        _stdoutLines.Add(bytes.Span);
        if (_sinkFailure is null)
        {
            HandOn(bytes);
        }
    }

    public void AddStderr(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> own;
        lock (_lock)
        {
            Received += bytes.Length;
            var begin = 0;
            while (begin < bytes.Length && !_begun)
            {
                Add(bytes[begin++]);
            }

            own = bytes[begin..];
            foreach (var character in own)
            {
                Add(character);
            }

            if (script.KeepsStderr)
            {
                var room = script.OutputLimit - _stderr.WrittenCount;
                Overflowed |= own.Length > room;
                _stderr.Write(own[..Math.Min(own.Length, room)]);
            }
        }

        _stderrLines.Add(own);
    }

    private void HandOn(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            script.Sink?.Invoke(bytes);
        }
        catch (IOException failure)
        {
            _sinkFailure = failure;
            Overflowed = true;
        }
    }

    private void Add(byte character)
    {
        if (_begun || _firstLine.Count > 4096)
        {
            _tail.Enqueue(character);
            if (_tail.Count > TailLimit)
            {
                _tail.Dequeue();
            }

            return;
        }

        if (character != '\n')
        {
            _firstLine.Add(character);
            return;
        }

        // Login shells may say something of their own first; the number is the first line that is nothing but a number.
        if (int.TryParse(Encoding.ASCII.GetString([.. _firstLine]), NumberStyles.None, CultureInfo.InvariantCulture, out var group) && group > 1)
        {
            _begun = true;
            _group.SetResult(group);
            return;
        }

        foreach (var noise in _firstLine.Append(character))
        {
            _tail.Enqueue(noise);
        }

        _firstLine.Clear();
    }

    /// <summary>The result, when it is one.</summary>
    /// <exception cref="ScriptFailedException">Too much output, a signal, or an exit code that is no answer.</exception>
    /// <exception cref="DeviceLoginException">sudo asked for a password.</exception>
    public ScriptResult Conclude(DeviceAddress address, int? exitCode, string? signal)
    {
        _stdoutLines.End();
        _stderrLines.End();
        var tail = StderrTail;
        if (_sinkFailure is not null)
        {
            throw Failed("What a script wrote could not be kept", exitCode, _sinkFailure.Message, address);
        }

        if (Overflowed)
        {
            throw Failed($"A script wrote more than {script.OutputLimit} bytes", exitCode, tail, address);
        }

        if (exitCode is null)
        {
            throw Failed(signal is null ? "A script ended without an exit status" : $"A script was ended by signal {signal}", null, tail, address);
        }

        if (!Group.IsCompleted && CommandLine.NeedsSudo(script, address.User) && tail.Contains("sudo", StringComparison.Ordinal))
        {
            throw new DeviceLoginException($"{address.User} may not become root on the device")
            {
                Where = address.Display,
                Why = tail,
                Next = $"allow it there: {address.User} ALL=(ALL) NOPASSWD: ALL in sudoers, or security.sudo.wheelNeedsPassword = false on NixOS; or log in as root",
            };
        }

        if (!Group.IsCompleted)
        {
            throw new DeviceLoginException($"{address.User} may log in, but no script runs there")
            {
                Where = address.Display,
                Why = $"the login's shell did not run sh (exit code {exitCode}){(tail.Length == 0 ? ", and said nothing" : $":\n{tail}")}",
                Next = $"give {address.User} a shell that runs a command line: bash, zsh, fish or tcsh (chsh, or users.users.{address.User}.shell on NixOS), and see that sh and base64 are there",
            };
        }

        return script.ExitCodes.Contains(exitCode.Value)
            ? new ScriptResult(exitCode.Value, Stdout, tail) { Stderr = _stderr.WrittenMemory }
            : throw Failed(string.Create(CultureInfo.InvariantCulture, $"A script ended with exit code {exitCode}"), exitCode, tail, address);
    }

    private static ScriptFailedException Failed(string what, int? exitCode, string tail, DeviceAddress address) =>
        new(what) { ExitCode = exitCode, StderrTail = tail, Where = address.Display, Why = tail.Length == 0 ? "it wrote nothing to stderr" : tail };
}
