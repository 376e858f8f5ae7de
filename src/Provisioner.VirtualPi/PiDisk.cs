namespace Provisioner.VirtualPi;

/// <summary>A USB disk that can be plugged into a virtual Pi. Its content is kept with the machine, also while it is unplugged.</summary>
/// <param name="Serial">Letters and digits, at most 20; it names the disk.</param>
public sealed record PiDisk(string Serial)
{
    /// <summary>The SSD that machines have unless others are asked for.</summary>
    public static PiDisk Default { get; } = new("S49TNP0KA12345");

    /// <summary>The SCSI vendor: at most 8 characters.</summary>
    public string Vendor { get; init; } = "Samsung";

    /// <summary>The SCSI product: at most 16 characters.</summary>
    public string Product { get; init; } = "Portable SSD T5";

    /// <summary>The capacity in bytes, a multiple of 512; the file behind it is sparse.</summary>
    public long Bytes { get; init; } = 16L << 30;

    /// <summary>The name that udev gives it below /dev/disk/by-id.</summary>
    public string ById => $"usb-{Words(Vendor)}_{Words(Product)}_{Serial}-0:0";

    /// <exception cref="PiException">A part is not as described.</exception>
    internal PiDisk Check()
    {
        if (Serial.Length is 0 or > 20 || !Serial.All(char.IsAsciiLetterOrDigit))
        {
            throw new PiException($"A disk's serial number has 1 to 20 letters and digits, and '{Serial}' has not.");
        }

        if (!IsScsiText(Vendor, 8) || !IsScsiText(Product, 16))
        {
            throw new PiException($"The disk's vendor '{Vendor}' can have 1 to 8 printable ASCII characters, its product '{Product}' 1 to 16.");
        }

        return Bytes > 0 && Bytes % 512 == 0 ? this : throw new PiException($"The disk's capacity of {Bytes} bytes is no positive multiple of 512.");
    }

    private static bool IsScsiText(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(character => character is >= ' ' and <= '~');

    private static string Words(string text) => text.Replace(' ', '_');
}

/// <summary>A disk of a machine as it is now.</summary>
/// <param name="Disk">What it is.</param>
/// <param name="Plugged">Whether it is in the USB port; a machine that is off keeps it there for its next start.</param>
/// <param name="File">Its content, raw.</param>
public sealed record PiDiskStatus(PiDisk Disk, bool Plugged, string File);
