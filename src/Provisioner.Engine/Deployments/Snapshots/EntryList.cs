using System.Collections;

namespace Provisioner.Engine.Deployments.Snapshots;

/// <summary>Entries in an order that stays when some leave. Taking one out and finding one by its URN take the same time however many there are.</summary>
internal sealed class EntryList : IEnumerable<ResourceEntry>
{
    private readonly LinkedList<ResourceEntry> _order = new();
    private readonly Dictionary<ResourceEntry, LinkedListNode<ResourceEntry>> _places = [];
    private readonly Dictionary<string, List<ResourceEntry>> _byUrn = new(StringComparer.Ordinal);

    public EntryList()
    {
    }

    public EntryList(IEnumerable<ResourceEntry> entries)
    {
        foreach (var entry in entries)
        {
            Add(entry);
        }
    }

    /// <summary>Adds an entry at the end. Its URN never changes while it is here.</summary>
    public void Add(ResourceEntry entry)
    {
        _places.Add(entry, _order.AddLast(entry));
        if (!_byUrn.TryGetValue(entry.State.Urn, out var same))
        {
            _byUrn[entry.State.Urn] = same = [];
        }

        same.Add(entry);
    }

    /// <returns>Whether it was here.</returns>
    public bool Remove(ResourceEntry entry)
    {
        if (!_places.Remove(entry, out var place))
        {
            return false;
        }

        _order.Remove(place);
        _byUrn[entry.State.Urn].Remove(entry);
        return true;
    }

    /// <summary>The first entry of a URN that is not to be deleted, or null.</summary>
    public ResourceEntry? FindLive(string urn) => _byUrn.GetValueOrDefault(urn)?.Find(entry => !entry.State.Delete);

    public IEnumerator<ResourceEntry> GetEnumerator() => _order.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
