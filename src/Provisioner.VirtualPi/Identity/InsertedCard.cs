using System.Formats.Tar;
using System.Text;

namespace Provisioner.VirtualPi.Identity;

/// <summary>A card that somebody else has written, as the double of the boot ROM sees it: whether it boots, and as whom.</summary>
/// <param name="Path">The raw image.</param>
/// <param name="HostName">Null when it brings none.</param>
/// <param name="HostKey">Null when it brings none; the system then makes its own.</param>
internal sealed record InsertedCard(string Path, string? HostName, SshHostKey? HostKey)
{
    private const int FirstSector = 512;

    /// <exception cref="PiException">It is not there, or a Pi would not boot from it.</exception>
    public static InsertedCard Read(string path)
    {
        try
        {
            using var card = File.OpenRead(path);
            var sector = new byte[FirstSector];
            if (card.ReadAtLeast(sector, FirstSector, throwOnEndOfStream: false) < FirstSector || sector[510] != 0x55 || sector[511] != 0xaa)
            {
                throw new PiException($"A Pi does not boot from the card {path}: it has no master boot record. A card whose writing was broken off looks like this; write it again.");
            }

            var archive = new byte[IdentityCard.SizeInSectors * FirstSector];
            card.Position = IdentityCard.Offset;
            card.ReadAtLeast(archive, archive.Length, throwOnEndOfStream: false);
            return Read(path, archive);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PiException($"The card {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static InsertedCard Read(string path, byte[] archive)
    {
        string? hostName = null;
        SshHostKey? hostKey = null;
        try
        {
            using var tar = new TarReader(new MemoryStream(archive));
            while (tar.GetNextEntry() is { } entry)
            {
                using var reader = new StreamReader(entry.DataStream ?? Stream.Null, Encoding.UTF8);
                switch (entry.Name)
                {
                    case "etc/hostname":
                        hostName = reader.ReadToEnd().Trim();
                        break;
                    case "etc/ssh/ssh_host_ed25519_key.pub":
                        hostKey = SshHostKey.Parse(reader.ReadToEnd());
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            // No archive, or none that can be read: the system boots as nobody in particular, as a real one would.
            return new InsertedCard(path, null, null);
        }

        return new InsertedCard(path, hostName, hostKey);
    }
}
