using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Jobs;

/// <summary>An operation on a device that remembers what people were told.</summary>
internal sealed class Watcher(IRemote remote) : IOperationContext
{
    public ConcurrentQueue<string> Told { get; } = [];

    public ConcurrentQueue<string> Statuses { get; } = [];

    public string Urn => "urn:pulumi:dev::lamp::provisioner:index:Note::note";

    public string Name => "note";

    public bool IsPreview { get; init; }

    public TimeProvider Time => TimeProvider.System;

    /// <summary>Further machines, by their addresses.</summary>
    public ImmutableDictionary<string, IRemote> Others { get; init; } = ImmutableDictionary<string, IRemote>.Empty;

    public IRemote Remote(string device) => Others.GetValueOrDefault(device, remote);

    public void Hide(string secret)
    {
    }

    public void Debug(string message) => Told.Enqueue(message);

    public void Info(string message) => Told.Enqueue(message);

    public void Warn(string message) => Told.Enqueue(message);

    public void Status(string message) => Statuses.Enqueue(message);
}
