using System.Text;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.Backend.Locks;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Secrets;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend;

/// <content>What is done to a stack as a whole, without a deployment.</content>
public sealed partial class FileBackend
{
    /// <summary>Removes a stack and its history. The last state stays beside it as <c>.bak</c>, as Pulumi's CLI leaves it.</summary>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    /// <exception cref="StackLockedException">Somebody is changing it.</exception>
    public void Remove(string stack)
    {
        using var held = Hold(stack);
        foreach (var path in _states.PathsOf(stack))
        {
            _files.Rename(path, BackendPaths.Backup(path));
        }

        _files.SyncDirectory(_paths.Stacks);
        if (Directory.Exists(_paths.History(stack)))
        {
            Directory.Delete(_paths.History(stack), recursive: true);
        }
    }

    /// <summary>Gives a stack another name, in its URNs and in everything that refers to them. Ciphertexts stay, so no passphrase is needed.</summary>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    /// <exception cref="StackExistsException">There is one of the new name.</exception>
    /// <exception cref="StackLockedException">Somebody is changing it.</exception>
    public void Rename(string stack, string newName)
    {
        RefuseExisting(newName);
        using var held = Hold(stack);
        using var taken = StackLock.Take(_files, _paths.Locks(newName), newName, _host, _time);
        RefuseExisting(newName);
        var renamed = StateRenaming.Apply(Read(stack).Root, _paths.FullName(newName), Project, stack, newName);
        _states.Create(newName, Encoding.UTF8.GetBytes(renamed));
        foreach (var path in _states.PathsOf(stack))
        {
            _files.Delete(path);
        }

        _files.SyncDirectory(_paths.Stacks);
        MoveHistory(stack, newName);
    }

    /// <summary>Replaces a stack's state by an export's. The state that was there stays as <c>.bak</c>; it may be a damaged one.</summary>
    /// <param name="export">What <c>stack export</c> printed, of either engine.</param>
    /// <param name="manager">Encrypts what is written: the manager of the stack's file, or null where it has none.</param>
    /// <param name="secrets">Opens the export's secrets; asked only where it has some.</param>
    /// <param name="force">Also resources of another stack or project, which are refused otherwise.</param>
    /// <returns>How many resources it has.</returns>
    /// <exception cref="StateFileException">The export is damaged, or not of this stack.</exception>
    public async Task<int> ImportAsync(string stack, string export, ISecretsManager? manager, ISecretsProvider secrets, bool force, CancellationToken cancellationToken)
    {
        using var held = Hold(stack);
        var document = StateDocument.OfExport(export);
        var reading = await OpenSealsAsync(document, secrets, cancellationToken);
        var snapshot = document.Read(reading);
        var prefix = $"urn:pulumi:{stack}::{Project}::";
        if (!force && snapshot.Resources.FirstOrDefault(resource => !resource.Urn.StartsWith(prefix, StringComparison.Ordinal)) is { } stranger)
        {
            throw new StateFileException($"The export has {stranger.Urn}, which is not of the stack \"{stack}\" of the project \"{Project}\". Was it exported from another stack? With --force it is imported all the same.");
        }

        var writing = manager is null || (reading.Manager is { } same && JToken.DeepEquals(same.State, manager.State)) ? reading : new SecretSeals(manager);
        _states.Replace(stack, new StateWriter(_paths.FullName(stack), writing, document.Envelope).Write(snapshot));
        return snapshot.Resources.Length;
    }

    /// <summary>Takes everybody's locks from a stack. Whoever held one may still be at work, and no longer knows of others.</summary>
    /// <returns>Who held them.</returns>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    public IReadOnlyList<string> Cancel(string stack)
    {
        if (!Exists(stack))
        {
            throw new StackNotFoundException(stack, Location.Url);
        }

        return StackLock.Release(_files, _paths.Locks(stack));
    }

    /// <summary>What was done to a stack, the last first: the entries of its history as Pulumi writes them.</summary>
    /// <exception cref="StackNotFoundException">There is no such stack.</exception>
    public IReadOnlyList<JObject> History(string stack)
    {
        if (!Exists(stack))
        {
            throw new StackNotFoundException(stack, Location.Url);
        }

        return Directory.Exists(_paths.History(stack))
            ? [.. Directory.EnumerateFiles(_paths.History(stack), "*.history.json").OrderDescending(StringComparer.Ordinal).Select(ReadEntry).OfType<JObject>()]
            : [];
    }

    private static JObject? ReadEntry(string path) => StateJson.TryParse(File.ReadAllText(path)) as JObject;

    private StackLock Hold(string stack)
    {
        if (!Exists(stack))
        {
            throw new StackNotFoundException(stack, Location.Url);
        }

        BackendMeta.Ensure(_files, _paths);
        return StackLock.Take(_files, _paths.Locks(stack), stack, _host, _time);
    }

    private void RefuseExisting(string stack)
    {
        if (Exists(stack))
        {
            throw new StackExistsException(stack, Location.Url);
        }
    }

    // The names of the entries begin with the stack's.
    private void MoveHistory(string stack, string newName)
    {
        var (from, to) = (_paths.History(stack), _paths.History(newName));
        if (!Directory.Exists(from))
        {
            return;
        }

        _files.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from))
        {
            var name = Path.GetFileName(path);
            _files.Rename(path, Path.Combine(to, name.StartsWith($"{stack}-", StringComparison.Ordinal) ? newName + name[stack.Length..] : name));
        }

        Directory.Delete(from);
    }
}
