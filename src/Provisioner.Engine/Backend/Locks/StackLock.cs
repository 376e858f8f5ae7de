using System.Text;
using Provisioner.Engine.Files;
using Pulumi.Wire;

namespace Provisioner.Engine.Backend.Locks;

/// <summary>
/// The right to change a stack, taken as Pulumi does: look for others, write our own, look again, and give up if there is any.
/// Two who come at once may both give up, but never both go on.
/// </summary>
internal sealed class StackLock : IDisposable
{
    private readonly IFileOperations _files;
    private readonly string _path;

    private StackLock(IFileOperations files, string path, IReadOnlyList<string> notes)
    {
        _files = files;
        _path = path;
        Notes = notes;
    }

    /// <summary>What was found and taken over, for people.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="StackLockedException">Somebody else is changing the stack, or may be.</exception>
    public static StackLock Take(IFileOperations files, string folder, string stack, HostEnvironment host, TimeProvider time)
    {
        var notes = new List<string>();
        var own = Path.Combine(folder, $"{Guid.NewGuid()}.json");
        files.CreateDirectory(folder);
        RefuseOthers(files, folder, stack, own, host, notes);
        try
        {
            // Whole or not at all, so that nobody reads half of it.
            AtomicFile.Replace(files, own, Encoding.UTF8.GetBytes(LockHolder.Self(host, time).ToJson()), AtomicFile.Private);
            RefuseOthers(files, folder, stack, own, host, notes);
        }
        catch
        {
            files.Delete(own);
            throw;
        }

        return new StackLock(files, own, notes);
    }

    /// <summary>Deletes every lock, whoever holds it.</summary>
    /// <returns>Who held them.</returns>
    public static IReadOnlyList<string> Release(IFileOperations files, string folder)
    {
        var released = new List<string>();
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).ToArray() : [])
        {
            released.Add((Read(path) is { } text ? LockHolder.Parse(text) : null)?.ToString() ?? path);
            files.Delete(path);
        }

        return released;
    }

    public void Dispose() => _files.Delete(_path);

    private static void RefuseOthers(IFileOperations files, string folder, string stack, string own, HostEnvironment host, List<string> notes)
    {
        var holders = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Where(path => path != own).Order(StringComparer.Ordinal))
        {
            if (Read(path) is not { } text)
            {
                continue; // Released in between.
            }

            if (LockHolder.Parse(text) is not { } holder)
            {
                holders.Add($"{path}: not readable as a lock. If nothing is running, delete that file.");
            }
            else if (holder.IsCertainlyDead(host))
            {
                files.Delete(path);
                notes.Add($"Took over the lock of an operation that did not end by itself ({holder}): its process is gone.");
            }
            else
            {
                holders.Add(
                    $"{path}: held by {holder}. "
                    + (holder.HostName == host.HostName ? "Wait until it ends, or stop that process." : "Wait until it ends; if it is certain that nothing runs there any more, delete that file or run `pulumi cancel`."));
            }
        }

        if (holders.Count > 0)
        {
            throw new StackLockedException(stack, holders);
        }
    }

    private static string? Read(string path)
    {
        try
        {
            RegularFile.Require(path);
            return File.ReadAllText(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
