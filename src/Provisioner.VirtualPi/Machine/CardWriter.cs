using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Identity;

namespace Provisioner.VirtualPi.Machine;

/// <summary>Makes machines' cards: an overlay over an image that stays as it is, and the identity on it.</summary>
internal static class CardWriter
{
    public static Task MakeOverlayAsync(string backing, string card, CancellationToken cancellationToken) =>
        RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, card], cancellationToken);

    /// <summary>A card of the machine's own out of a raw image; what is zero takes no room.</summary>
    public static async Task CopyAsync(string image, string card, CancellationToken cancellationToken)
    {
        var draft = card + ".new";
        try
        {
            await RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", image, draft], cancellationToken);
            File.Move(draft, card, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Writes the identity partition and its entry in the card's first sector, as flashing does: no mount, nothing else changed.</summary>
    public static async Task WriteIdentityAsync(
        MachineFolder folder, CardImage image, string card, byte[] archive, CancellationToken cancellationToken)
    {
        // qemu-io takes data from a file only, and splits its commands at blanks with no way to quote one: so the
        // file has a plain name, and qemu-io runs beside it. It is private and goes at once.
        var draft = Path.Combine(folder.Path, "identity.new");
        try
        {
            PrivateFiles.Write(draft, archive);
            await WriteAsync(card, draft, IdentityCard.Offset, archive.Length, cancellationToken);
            var sector = IdentityCard.WithPartition(await File.ReadAllBytesAsync(image.MasterBootRecord, cancellationToken));
            PrivateFiles.Write(draft, sector);
            await WriteAsync(card, draft, 0, sector.Length, cancellationToken);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static Task WriteAsync(string card, string file, long offset, int length, CancellationToken cancellationToken) => RunAsync(
        "qemu-io",
        ["-f", "qcow2", "-c", string.Create(CultureInfo.InvariantCulture, $"write -q -s {Path.GetFileName(file)} {offset} {length}"), Path.GetFullPath(card)],
        cancellationToken,
        Path.GetDirectoryName(file));

    internal static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken, string? folder = null)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? string.Empty)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        // qemu-io ends with 0 also when its command failed; then it says so.
        if (result.ExitCode != 0 || result.StandardError.Length > 0 || result.StandardOutput.Contains("failed", StringComparison.Ordinal))
        {
            throw new PiException($"{program} failed with exit code {result.ExitCode}: {result.StandardError.Trim()}{result.StandardOutput.Trim()}");
        }
    }
}
