using System.Text;
using Pulumi.Wire;

namespace Provisioner.Engine.Files;

/// <summary>Files of others: one that has no end, or is no file at all, is not read into memory.</summary>
internal static class BoundedFile
{
    /// <summary>A file's text as UTF-8; null when it has more bytes than the limit.</summary>
    public static string? ReadText(string path, int limit)
    {
        if (RegularFile.Read(path, limit) is not { } bytes)
        {
            return null;
        }

        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
