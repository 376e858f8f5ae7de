using System.Collections.Concurrent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Jobs;

/// <summary>An operation on one device that remembers what people were told.</summary>
internal sealed class Watcher(IRemote remote) : IOperationContext
{
    public ConcurrentQueue<string> Told { get; } = [];

    public ConcurrentQueue<string> Statuses { get; } = [];

    public string Urn => "urn:pulumi:dev::lamp::provisioner:index:Note::note";

    public string Name => "note";

    public bool IsPreview { get; init; }

    public TimeProvider Time => TimeProvider.System;

    public IRemote Remote(string device) => remote;

    public void Hide(string secret)
    {
    }

    public void Debug(string message) => Told.Enqueue(message);

    public void Info(string message) => Told.Enqueue(message);

    public void Warn(string message) => Told.Enqueue(message);

    public void Status(string message) => Statuses.Enqueue(message);
}
