using System.Collections.Frozen;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Pulumi.Wire.Redaction;

namespace Provisioner.Provider.Hosting;

/// <summary>What all calls of one plugin process share.</summary>
internal sealed class ProviderSession : IAsyncDisposable
{
    private readonly FrozenDictionary<string, IResourceHandler> _handlers;
    private readonly CancellationTokenSource _cancelled = new();
    private RemoteHub? _hub;

    public ProviderSession(ProviderPackage package, TimeProvider time)
    {
        Package = package;
        Time = time;
        _handlers = package.Handlers.ToFrozenDictionary(package.TokenOf, StringComparer.Ordinal);
    }

    public ProviderPackage Package { get; }

    public TimeProvider Time { get; }

    public Redactor Redactor { get; } = new();

    /// <summary>Ends everything under way.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>host:port; null while no engine is attached.</summary>
    public string? EngineAddress { get; private set; }

    /// <summary>Null while no engine is attached.</summary>
    public EngineLog? Log { get; private set; }

    /// <summary>The devices.</summary>
    /// <exception cref="InputInvalidException">The provider is not configured yet.</exception>
    public RemoteHub Hub => _hub ?? throw new InputInvalidException("The provider is used before it is configured");

    /// <summary>The handler of a type.</summary>
    /// <exception cref="InputInvalidException">There is no such resource.</exception>
    public IResourceHandler Find(string type) => _handlers.TryGetValue(type, out var handler) ? handler : throw new InputInvalidException($"There is no resource {type}")
    {
        Why = $"this version ({Package.Version}) has {string.Join(", ", _handlers.Keys.Order(StringComparer.Ordinal))}",
    };

    /// <summary>Where messages go from now on.</summary>
    public void Attach(string engineAddress)
    {
        if (EngineAddress != engineAddress)
        {
            EngineAddress = engineAddress;
            Log = new EngineLog(engineAddress, Redactor, Time);
        }
    }

    public async Task ConfigureAsync(RemoteOptions options)
    {
        var before = _hub;
        _hub = new RemoteHub(options, Time);
        if (before is not null)
        {
            await before.DisposeAsync();
        }
    }

    public void CancelAll() => _cancelled.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _cancelled.CancelAsync();
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        _cancelled.Dispose();
    }
}
