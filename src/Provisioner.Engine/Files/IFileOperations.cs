namespace Provisioner.Engine.Files;

/// <summary>Every change that is made to files of the user, one method for each thing a crash can come between.</summary>
internal interface IFileOperations
{
    /// <summary>Makes the folder and those above it that are missing, for the user alone (0700). One that is there stays as it is.</summary>
    void CreateDirectory(string path);

    /// <summary>Writes a whole file.</summary>
    /// <param name="mode">Exactly who may do what; null for what the user's umask leaves of a new file.</param>
    /// <param name="durable">Whether the content must be on the disk when this returns.</param>
    void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable);

    /// <summary>Atomic; replaces what is there.</summary>
    void Rename(string from, string to);

    /// <summary>Makes the names in a folder durable, as a rename alone does not.</summary>
    void SyncDirectory(string path);

    /// <summary>A file that is not there is no error.</summary>
    void Delete(string path);
}
