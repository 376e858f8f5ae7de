using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>Dials a device, again and again while that may help and there is time.</summary>
internal sealed class SshDialler
{
    private readonly DeviceAddress _address;
    private readonly RemoteOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _again;

    public SshDialler(DeviceAddress address, RemoteOptions options, TimeProvider time)
    {
        (_address, _options, _time) = (address, options, time);
        _again = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // A stranger and a locked door stay what they are; only silence can change.
                ShouldHandle = new PredicateBuilder().Handle<DeviceUnreachableException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Timing.Redial,
                MaxDelay = options.Timing.Redial * 8,
            })
            .Build();
    }

    /// <exception cref="DeviceUnreachableException">Not within the patience.</exception>
    /// <exception cref="DeviceUntrustedException">Another host key.</exception>
    /// <exception cref="DeviceLoginException">Our key is not taken.</exception>
    /// <exception cref="InputInvalidException">A configured key cannot be read.</exception>
    public async Task<SshLink> DialAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var (keys, description) = SshCredentials.Load(_options);
        if (keys.Count == 0)
        {
            throw new DeviceLoginException($"There is no key to log in to {_address.Display} with")
            {
                Where = _address.Display,
                Why = description,
                Next = "name one: config set provisioner:privateKeyFile ~/.ssh/id_ed25519",
            };
        }

        using var limit = new CancellationTokenSource(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        DeviceUnreachableException? last = null;
        try
        {
            return await _again.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await DialOnceAsync(
                            keys,
                            description,
                            // Whoever greets is there, if slow: a small machine takes seconds for the key exchange and the login.
                            () => limit.CancelAfter(_options.Timing.Answer),
                            token);
                    }
                    catch (DeviceUnreachableException failure)
                    {
                        last = failure;
                        throw;
                    }
                },
                stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(last?.Why ?? $"no answer within {patience.TotalSeconds:0.#} s", last);
        }
    }

    private async Task<SshLink> DialOnceAsync(
        IReadOnlyList<IPrivateKeySource> keys, string description, Action onGreeting, CancellationToken cancellation)
    {
        var connection = new ConnectionInfo(_address.Host, _address.Port, _address.User, new PrivateKeyAuthenticationMethod(_address.User, [.. keys]))
        {
            // The library's own wait for any answer, also to a window that does not open: no shorter than ours.
            Timeout = _options.Timing.Quiet + _options.Timing.Answer,
            RetryAttempts = 1,
            ChannelCloseTimeout = TimeSpan.FromMilliseconds(500),
        };
        var client = new SshClient(connection);
        client.ServerIdentificationReceived += (_, _) => onGreeting();
        var check = HostKeyCheck.For(_address, _options);
        check.Attach(connection, client);
        try
        {
            // The library blocks in the login; the wait must not.
            await SshLink.OnThread(() => client.ConnectAsync(cancellation)).Unwrap().WaitAsync(cancellation);
            return new SshLink(client, _address, _options.Timing, _time);
        }
        catch (Exception failure)
        {
            _ = SshLink.OnThread(() =>
            {
                client.Dispose();
                return 0;
            });
            if (check.Refusal is { } refusal)
            {
                throw refusal;
            }

            if (Translate(failure, description) is { } known)
            {
                throw known;
            }

            throw;
        }
    }

    private ProviderException? Translate(Exception failure, string description) => failure switch
    {
        SshAuthenticationException => new DeviceLoginException($"{_address.Display} does not let us in", failure)
        {
            Where = _address.Display,
            Why = $"it took none of our keys: {description}",
            Next = "put the public key into the authorized_keys there, or name another private key: config set provisioner:privateKeyFile <path>",
        },
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Unreachable($"the name {_address.Host} is not known", failure),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Unreachable("the connection was refused: the machine is there, but no sshd answers on this port", failure),
        SocketException socket => Unreachable(socket.Message, failure),
        SshConnectionException or SshOperationTimeoutException or IOException or ObjectDisposedException => Unreachable(failure.Message, failure),
        SshException => Unreachable(failure.Message, failure),
        _ => null,
    };

    private DeviceUnreachableException Unreachable(string why, Exception? inner) => new($"{_address.Display} does not answer", inner)
    {
        Where = $"{_address.Host}, port {_address.Port}",
        Why = why,
        Next = $"check that the device has power and is on the network: ssh -p {_address.Port} {_address.User}@{_address.Host}",
    };
}
