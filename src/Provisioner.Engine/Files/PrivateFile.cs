using System.Text;

namespace Provisioner.Engine.Files;

/// <summary>Files that only their owner may read, such as a state in clear.</summary>
public static class PrivateFile
{
    /// <summary>Writes a text as UTF-8, whole or not at all: on a full disk what was there stays.</summary>
    /// <param name="path">Replaced when it is there.</param>
    /// <param name="text">All of it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, string text) => AtomicFile.ReplaceLazily(FileOperations.Instance, path, Encoding.UTF8.GetBytes(text));
}
