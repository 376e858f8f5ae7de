using Provisioner.Engine.Files;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend;

/// <summary>Reads stacks' state files, and replaces them so that a crash between any two operations leaves a whole one.</summary>
internal sealed class StateFiles(IFileOperations files, BackendPaths paths)
{
    private static readonly string[] Compressions = [".gz", ".zst"];

    public bool Exists(string stack) => File.Exists(paths.State(stack)) || Compressed(stack) is not null;

    /// <exception cref="StateFileException">It is damaged, or of a kind not known here; the message names a whole copy where there is one.</exception>
    public StateDocument Read(string stack)
    {
        var path = paths.State(stack);
        if (Compressed(stack) is { } compressed)
        {
            throw new StateFileException(
                $"{compressed} is compressed, which the embedded engine does not read. Run `pulumi stack export` and `pulumi stack import` "
                + "with PULUMI_DIY_BACKEND_COMPRESSION and PULUMI_SELF_MANAGED_STATE_GZIP unset, which writes it plain.");
        }

        try
        {
            return StateDocument.Parse(path, File.ReadAllBytes(path));
        }
        catch (StateFileException exception)
        {
            throw new StateFileException($"{exception.Message} {WayOut(stack, path)}", exception);
        }
    }

    /// <summary>The state that was there stays beside it as <c>.bak</c>.</summary>
    public void Replace(string stack, ReadOnlySpan<byte> content)
    {
        var path = paths.State(stack);
        if (File.Exists(path))
        {
            AtomicFile.ReplaceLazily(files, BackendPaths.Backup(path), File.ReadAllBytes(path));
        }

        AtomicFile.Replace(files, path, content, AtomicFile.Private);
    }

    public void Create(string stack, ReadOnlySpan<byte> content)
    {
        files.CreateDirectory(paths.Stacks);
        AtomicFile.Replace(files, paths.State(stack), content, AtomicFile.Private);
    }

    /// <summary>Removes what a killed process left; only for who holds the stack's lock.</summary>
    public void RemoveLeftovers(string stack)
    {
        AtomicFile.RemoveLeftovers(files, paths.State(stack));
        AtomicFile.RemoveLeftovers(files, BackendPaths.Backup(paths.State(stack)));
    }

    private string? Compressed(string stack) => Compressions.Select(extension => paths.State(stack) + extension).FirstOrDefault(File.Exists);

    // The newest first: the copy of the save before, then those of whole updates.
    private string WayOut(string stack, string path)
    {
        var folder = paths.Backups(stack);
        IEnumerable<string> copies = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{stack}.*.json") : [];
        return copies.OrderDescending(StringComparer.Ordinal).Prepend(BackendPaths.Backup(path)).FirstOrDefault(IsWhole) is { } whole
            ? $"The file was left as it is. {whole} is whole: look at it, and copy it over the damaged one."
            : "The file was left as it is, and there is no whole copy beside it. Restore it from a backup of your own.";
    }

    private static bool IsWhole(string path)
    {
        try
        {
            StateDocument.Parse(path, File.ReadAllBytes(path));
            return true;
        }
        catch (Exception exception) when (exception is StateFileException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
