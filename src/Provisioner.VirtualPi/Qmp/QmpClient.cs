using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provisioner.VirtualPi.Qmp;

/// <summary>A connection to QEMU's control socket. QEMU serves one at a time, so it is held as briefly as possible.</summary>
/// <remarks>Each command is one line of JSON; answers carry the command's id, events carry none and are skipped.</remarks>
internal sealed class QmpClient : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly TimeProvider _time;
    private int _id;

    private QmpClient(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <exception cref="QmpException">Nobody listens there, or it is no QMP.</exception>
    public static async Task<QmpClient> ConnectAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        QmpClient? client = null;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            client = new QmpClient(socket, time);
            using var deadline = client.Deadline(cancellationToken);
            var greeting = await client.ReadAsync("greeting", deadline.Token);
            if (greeting["QMP"] is null)
            {
                throw new QmpException($"{path} answers, but not as QEMU does.");
            }

            await client.ExecuteAsync("qmp_capabilities", null, cancellationToken);
            return client;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new QmpException($"No QEMU listens at {path}: {exception.Message}", exception);
        }
        catch
        {
            client?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Runs one command and gives what it returns.</summary>
    /// <exception cref="QmpException">QEMU refused it, hung up, or gave no answer within 30 s.</exception>
    public async Task<JsonNode> ExecuteAsync(string command, JsonObject? arguments, CancellationToken cancellationToken)
    {
        var id = ++_id;
        var request = new JsonObject { ["execute"] = command, ["id"] = id };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        using var deadline = Deadline(cancellationToken);
        try
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"), deadline.Token);
            while (true)
            {
                var message = await ReadAsync(command, deadline.Token);
                if (message["id"]?.GetValue<int>() != id)
                {
                    continue;
                }

                return message["error"] is { } error
                    ? throw new QmpException($"QEMU refused {command}: {error["desc"]}")
                    : message["return"] ?? new JsonObject();
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QmpException($"QEMU did not answer {command} within {AnswerDeadline.TotalSeconds:0} s.", exception);
        }
        catch (IOException exception)
        {
            throw new QmpException($"QEMU hung up during {command}.", exception);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<JsonObject> ReadAsync(string command, CancellationToken cancellationToken)
    {
        var line = await _reader.ReadLineAsync(cancellationToken) ?? throw new QmpException($"QEMU hung up during {command}.");
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? throw new QmpException($"QEMU's answer to {command} is no object.");
        }
        catch (JsonException exception)
        {
            throw new QmpException($"QEMU's answer to {command} is no JSON.", exception);
        }
    }

    private DeadlineSource Deadline(CancellationToken cancellationToken) => new(AnswerDeadline, _time, cancellationToken);

    /// <summary>A token that ends at the caller's wish or at the deadline, whichever is first.</summary>
    private sealed class DeadlineSource : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _both;

        public DeadlineSource(TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
        {
            _timer = new CancellationTokenSource(deadline, time);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _timer.Dispose();
        }
    }
}
