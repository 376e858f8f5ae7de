using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

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
        _again = options.DialLimit?.Errors == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // A stranger and a locked door stay what they are; only silence can change. Where tries are counted, a door counts
                // too: a machine that is new may answer before its users have their keys.
                ShouldHandle = options.DialLimit is null
                    ? new PredicateBuilder().Handle<DeviceUnreachableException>()
                    : new PredicateBuilder().Handle<DeviceUnreachableException>().Handle<DeviceLoginException>(),
                MaxRetryAttempts = options.DialLimit?.Errors is > 0 and var errors ? errors : int.MaxValue,
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
        if (keys.Count == 0 && _options.Password is null)
        {
            throw new DeviceLoginException($"There is no key to log in to {_address.Display} with")
            {
                Where = _address.Display,
                Why = description,
                Next = $"name one: {_options.Advice.PrivateKey}",
            };
        }

        // Where tries are counted, each has a time of its own; else one patience holds for all of them.
        using var limit = _options.DialLimit is null ? new CancellationTokenSource(patience, _time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        DeviceUnreachableException? last = null;
        var tries = 0;
        var way = _options.Through is { } hop ? await WayThroughAsync(hop, patience, cancellation) : null;
        try
        {
            return await _again.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await DialTimedAsync(way, keys, description, Greeting(tries++), limit, token);
                    }
                    catch (DeviceUnreachableException failure)
                    {
                        last = failure;
                        throw;
                    }
                },
                stop.Token);
        }
        catch (Exception failure)
        {
            way?.Dispose();
            if (failure is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw Unreachable(last?.Why ?? $"no answer within {patience.TotalSeconds:0.#} s", last);
            }

            throw;
        }
    }

    /// <summary>
    /// How long a try may take until the device greets. One try in four is long, for a device that is slow; the others are
    /// short, so that one that comes back is not kept waiting by a connection that was taken while it was away.
    /// </summary>
    private TimeSpan Greeting(int tries) => _options.DialLimit switch
    {
        null => tries % 4 == 0 ? _options.Timing.Greeting : _options.Timing.Greeting / 3,
        { PerDial: var perDial } when perDial > TimeSpan.Zero => perDial,
        _ => Timeout.InfiniteTimeSpan,
    };

    /// <summary>One try. Whoever greets is there, if slow: a small machine takes seconds for the key exchange and the login.</summary>
    private async Task<SshLink> DialTimedAsync(
        SshWay? way, IReadOnlyList<IPrivateKeySource> keys, string description, TimeSpan patience, CancellationTokenSource limit, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            return await DialOnceAsync(way, keys, description, OnGreeting, stop.Token);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {patience.TotalSeconds:0.#} s", failure);
        }

        void OnGreeting()
        {
            if (_options.DialLimit is null)
            {
                time.CancelAfter(Timeout.InfiniteTimeSpan);
                limit.CancelAfter(_options.Timing.Answer);
            }
            else if (patience != Timeout.InfiniteTimeSpan)
            {
                time.CancelAfter(_options.Timing.Answer);
            }
        }
    }

    private async Task<SshLink> DialOnceAsync(
        SshWay? way, IReadOnlyList<IPrivateKeySource> keys, string description, Action onGreeting, CancellationToken cancellation)
    {
        var connection = new ConnectionInfo(way?.Host ?? _address.Host, way?.Port ?? _address.Port, _address.User, [.. Methods(keys)])
        {
            // The library's own wait for any answer, also to a window that does not open: no shorter than ours.
            Timeout = _options.Timing.Quiet + _options.Timing.Answer,
            RetryAttempts = 1,
            ChannelCloseTimeout = TimeSpan.FromMilliseconds(500),
        };
        SshAlgorithms.Restrict(connection);
        var client = new SshClient(connection);
        client.ServerIdentificationReceived += (_, _) => onGreeting();
        var check = HostKeyCheck.For(_address, _options);
        check.Attach(connection, client);
        try
        {
            // The library blocks in the login; the wait must not.
            await SshLink.OnThread(() => client.ConnectAsync(cancellation)).Unwrap().WaitAsync(cancellation);
            return new SshLink(client, _address, _options.Timing, _time) { Way = way };
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

    /// <summary>A port of this machine that leads to the device through another one.</summary>
    private async Task<SshWay> WayThroughAsync(Hop hop, TimeSpan patience, CancellationToken cancellation)
    {
        var link = await new SshDialler(hop.Address, hop.Options, _time).DialAsync(patience, cancellation);
        try
        {
            return await link.ForwardAsync(_address.Host, _address.Port, cancellation);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private IEnumerable<AuthenticationMethod> Methods(IReadOnlyList<IPrivateKeySource> keys)
    {
        if (keys.Count > 0)
        {
            yield return new PrivateKeyAuthenticationMethod(_address.User, [.. keys]);
        }

        if (_options.Password is { } password)
        {
            yield return new PasswordAuthenticationMethod(_address.User, password);
            var asked = new KeyboardInteractiveAuthenticationMethod(_address.User);
            asked.AuthenticationPrompt += (_, questions) =>
            {
                foreach (var prompt in questions.Prompts)
                {
                    prompt.Response = password;
                }
            };
            yield return asked;
        }
    }

    private ProviderException? Translate(Exception failure, string description) => failure switch
    {
        SshAuthenticationException => new DeviceLoginException($"{_address.Display} does not let us in", failure)
        {
            Where = _address.Display,
            Why = _options.Password is null ? $"it took none of our keys: {description}" : $"it took neither our password nor one of our keys: {description}",
            Next = $"put the public key into the authorized_keys there, or name another private key: {_options.Advice.PrivateKey}",
        },
        SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed } => new DeviceUntrustedException($"{_address.Display} offers only ways to connect that are not secure any more")
        {
            Where = _address.Display,
            Why = $"{failure.Message}; nothing was sent to it",
            Next = "bring its OpenSSH up to date, or take lines such as KexAlgorithms, Ciphers, MACs and HostKeyAlgorithms out of its sshd_config; a pinned RSA key needs a server that signs with rsa-sha2-256 or rsa-sha2-512",
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
        Where = $"{_address.Host}, port {_address.Port}{(_options.Through is { } hop ? $", through {hop.Address.Display}" : string.Empty)}",
        Why = why,
        Next = $"check that the device has power and is on the network: ssh -p {_address.Port} {_address.User}@{_address.Host}",
    };
}
