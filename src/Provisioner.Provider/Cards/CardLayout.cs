namespace Provisioner.Provider.Cards;

/// <summary>
/// Where things lie on a card. The images for Pis leave 8 MiB free in front of their first partition; the identity card is a
/// partition in that gap, so that it can be written and found without a file system and without touching anything of the image.
/// </summary>
internal static class CardLayout
{
    public const int SectorSize = 512;

    /// <summary>The alignment of everything that is written: what direct access to any disk asks for.</summary>
    public const int Block = 4096;

    /// <summary>The identity card's first sector.</summary>
    public const int IdentitySector = 2048;

    /// <summary>The identity card's length in sectors: 4 MiB.</summary>
    public const int IdentitySectors = 4 * 2048;

    /// <summary>"Non-FS data": no system looks for a file system in it.</summary>
    public const byte IdentityType = 0xda;

    /// <summary>Where the identity card begins, in bytes.</summary>
    public const long IdentityOffset = (long)IdentitySector * SectorSize;

    /// <summary>The identity card's length in bytes.</summary>
    public const int IdentityLength = IdentitySectors * SectorSize;

    /// <summary>How much of the identity card the archive may fill; behind it lies the stamp.</summary>
    public const int ArchiveLength = IdentityLength - Block;

    /// <summary>The first byte behind the identity card.</summary>
    public const long IdentityEnd = IdentityOffset + IdentityLength;
}
