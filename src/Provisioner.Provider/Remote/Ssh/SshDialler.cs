using System.Collections.Immutable;
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
    private string? _provenType;
    private string _host;

    public SshDialler(DeviceAddress address, RemoteOptions options, TimeProvider time)
    {
        (_address, _options, _time, _host) = (address, options, time, address.Host);
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

    /// <param name="patience">How long, until it greets.</param>
    /// <param name="hosts">See <see cref="Script.Hosts"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DeviceUnreachableException">Not within the patience.</exception>
    /// <exception cref="DeviceUntrustedException">Another host key, or no way to connect that is secure.</exception>
    /// <exception cref="DeviceLoginException">Our key is not taken.</exception>
    /// <exception cref="InputInvalidException">A configured key cannot be read.</exception>
    public async Task<SshLink> DialAsync(TimeSpan patience, ImmutableArray<string> hosts, CancellationToken cancellation)
    {
        var (keys, remarks) = SshCredentials.Load(_options);
        if (keys.Count == 0 && _options.Password is null)
        {
            throw new DeviceLoginException($"There is no key to log in to {_address.Display} with")
            {
                Where = _address.Display,
                Why = remarks.Count == 0 ? "no key at all" : string.Join(", ", remarks),
                Next = $"name one: {_options.Advice.PrivateKey}",
            };
        }

        // Where tries are counted, each has a time of its own; else one patience holds for all of them.
        using var waiting = new DialPatience(_options.DialLimit is null ? patience : Timeout.InfiniteTimeSpan, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(waiting.End, cancellation);
        DeviceUnreachableException? last = null;
        var known = _host;
        var tries = 0;
        var way = _options.Through is { } hop ? await WayThroughAsync(hop, patience, cancellation) : null;
        try
        {
            return await _again.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        var host = hosts.IsEmpty ? null : hosts[tries % hosts.Length];
                        _host = host switch
                        {
                            null => _host,
                            DeviceAddress.Own => _address.Host,
                            _ => host,
                        };
                        return await DialTimedAsync(way, keys, Greeting(tries++), waiting, token);
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
            _host = known;
            if (failure is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw last ?? Unreachable($"no answer within {patience.TotalSeconds:0.#} s", failure);
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
    private async Task<SshLink> DialTimedAsync(SshWay? way, IReadOnlyList<LoginKey> keys, TimeSpan patience, DialPatience waiting, CancellationToken cancellation)
    {
        var time = new DialPatience(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.End, cancellation);
        var hasGreeted = false;
        try
        {
            return await DialOnceAsync(way, keys, OnGreeting, stop.Token);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw hasGreeted
                ? Stalled($"then said nothing more for {_options.Timing.Answer.TotalSeconds:0.#} s", failure)
                : Unreachable($"no answer within {patience.TotalSeconds:0.#} s", failure);
        }
        catch (DeviceUnreachableException failure) when (hasGreeted)
        {
            throw Stalled($"then broke off: {failure.Why}", failure);
        }
        finally
        {
            time.Dispose();
            waiting.Resume();
        }

        void OnGreeting()
        {
            hasGreeted = true;
            waiting.Hold();
            if (_options.DialLimit is null || patience != Timeout.InfiniteTimeSpan)
            {
                time.Extend(_options.Timing.Answer);
            }
        }
    }

    /// <summary>
    /// One try: a connection, and another for each type of host key that a fingerprint may be meant for, and for the keys of ours
    /// that the device did not let us try before.
    /// </summary>
    private async Task<SshLink> DialOnceAsync(SshWay? way, IReadOnlyList<LoginKey> keys, Action onGreeting, CancellationToken cancellation)
    {
        var check = HostKeyCheck.For(_address, _options, _provenType);
        var (left, refused) = (keys, new List<LoginKey>());
        while (true)
        {
            var round = new KeyRound(left);
            try
            {
                var link = await ConnectAsync(way, check, round, onGreeting, cancellation);
                _provenType = check.Proven;
                return link;
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or ProviderException or OutOfMemoryException))
            {
                var lacking = NoCommonAlgorithm.Read(failure.Message);
                if (check.Refusal is { } refusal && (check.IsRefused || lacking is { IsHostKey: true }))
                {
                    if (check.MayHaveAnother)
                    {
                        continue;
                    }

                    throw refusal;
                }

                if (lacking is not null)
                {
                    throw InCommon(lacking, check);
                }

                // Who ends a connection without a word may not have looked at the last key yet.
                var asked = EndsLogin(failure) ? round.Asked : [.. round.Asked.SkipLast(1)];
                refused.AddRange(asked);
                left = [.. left.Except(asked)];
                if (asked.Count > 0 && (left.Count > 0 || (_options.Password is not null && failure is not SshAuthenticationException)))
                {
                    continue;
                }

                throw refused.Count > 0 || failure is SshAuthenticationException ? Refused(failure, refused, left) : Translate(failure);
            }
        }
    }

    private async Task<SshLink> ConnectAsync(SshWay? way, HostKeyCheck check, KeyRound round, Action onGreeting, CancellationToken cancellation)
    {
        var connection = new ConnectionInfo(way?.Host ?? _host, way?.Port ?? _address.Port, _address.User, [.. Methods(round.Sources)])
        {
            // The library's own wait for any answer, also to a window that does not open: no shorter than ours.
            Timeout = _options.Timing.Quiet + _options.Timing.Answer,
            RetryAttempts = 1,
            ChannelCloseTimeout = TimeSpan.FromMilliseconds(500),
        };
        SshAlgorithms.Restrict(connection);
        var client = new SshClient(connection);
        client.ServerIdentificationReceived += (_, _) => onGreeting();
        check.Attach(connection, client);
        try
        {
            // The library blocks in the login; the wait must not.
            await SshLink.OnThread(() => client.ConnectAsync(cancellation)).Unwrap().WaitAsync(cancellation);
            return new SshLink(client, _address, _options.Timing, _time) { Way = way };
        }
        catch
        {
            _ = SshLink.OnThread(() =>
            {
                client.Dispose();
                return 0;
            });
            throw;
        }
    }

    /// <summary>A port of this machine that leads to the device through another one.</summary>
    private async Task<SshWay> WayThroughAsync(Hop hop, TimeSpan patience, CancellationToken cancellation)
    {
        var link = await new SshDialler(hop.Address, hop.Options, _time).DialAsync(patience, [], cancellation);
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

    /// <summary>Whether a failure says that what was asked in this login was refused.</summary>
    private static bool EndsLogin(Exception failure) =>
        failure is SshAuthenticationException or SshConnectionException { DisconnectReason: DisconnectReason.NoMoreAuthenticationMethodsAvailable }
        || failure.Message.Contains("authentication failures", StringComparison.Ordinal);

    private DeviceLoginException Refused(Exception failure, List<LoginKey> refused, IReadOnlyList<LoginKey> left)
    {
        var took = _options.Password is null ? "it took none of our keys" : "it took neither our password nor one of our keys";
        var tried = refused.Count == 0 ? "none was tried, because it takes no keys" : $"tried {string.Join(", ", refused.Select(key => key.Name))}";
        var untried = left.Count == 0 || refused.Count == 0 ? string.Empty : $"\nnot tried, because it let us in no further ({failure.Message}): {string.Join(", ", left.Select(key => key.Name))}";
        return new DeviceLoginException($"{_address.Display} does not let us in", failure)
        {
            Where = _address.Display,
            Why = $"{took}: {tried}{untried}",
            Next = $"put the public key into the authorized_keys there, or name another private key, or its .pub file for one that the agent holds: {_options.Advice.PrivateKey}",
        };
    }

    private DeviceUntrustedException InCommon(NoCommonAlgorithm lacking, HostKeyCheck check)
    {
        var offers = string.Join(", ", lacking.Offers);
        if (lacking.IsHostKey && check.PinnedTypes.Count > 0 && !SshAlgorithms.AreBroken(lacking.Offers))
        {
            return new DeviceUntrustedException($"{_address.Display} has no host key of the pinned type")
            {
                Where = _address.Display,
                Why = $"pinned {string.Join(", ", check.PinnedTypes)}\nit offers {offers}\nnothing was sent to it",
                Next = $"if the device was given other host keys on purpose, change the pin ({_options.Advice.HostKey}); if not, somebody else answers at this address: do not go on",
            };
        }

        return new DeviceUntrustedException(SshAlgorithms.AreBroken(lacking.Offers)
            ? $"{_address.Display} offers only ways to connect that are not secure any more"
            : $"{_address.Display} and we have no {lacking.Kind} algorithm in common")
        {
            Where = _address.Display,
            Why = $"No matching {lacking.Kind} algorithm: it offers {offers}; nothing was sent to it",
            Next = "bring its OpenSSH up to date, or take lines such as KexAlgorithms, Ciphers, MACs and HostKeyAlgorithms out of its sshd_config; a pinned RSA key needs a server that signs with rsa-sha2-256 or rsa-sha2-512",
        };
    }

    /// <summary>Whatever else the library throws: a device that answers something that no SSH server says is none that can be reached.</summary>
    private DeviceUnreachableException Translate(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Unreachable($"the name {_host} is not known", failure),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Unreachable("the connection was refused: the machine is there, but no sshd answers on this port", failure),
        SocketException or SshException or IOException or ObjectDisposedException => Unreachable(failure.Message, failure),
        _ => Unreachable($"what it sent was not understood ({failure.Message})", failure),
    };

    private DeviceUnreachableException Stalled(string how, Exception inner) => new($"{_address.Display} does not let us connect", inner)
    {
        Where = Place,
        Why = $"it greeted as an SSH server, and {how}",
        Next = $"see what its sshd says (journalctl -u ssh -u sshd there: MaxStartups, penalties, a full disk, a host key that cannot be read), and whether ssh gets further: ssh -v -p {_address.Port} {_address.User}@{_host}",
    };

    private string Place => $"{_host}, port {_address.Port}{(_options.Through is { } hop ? $", through {hop.Address.Display}" : string.Empty)}";

    private DeviceUnreachableException Unreachable(string why, Exception? inner) => new($"{_address.Display} does not answer", inner)
    {
        Where = Place,
        Why = why,
        Next = $"check that the device has power and is on the network: ssh -p {_address.Port} {_address.User}@{_host}",
    };
}
