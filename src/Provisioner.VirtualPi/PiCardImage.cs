using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>The card image of the virtual Pi, for those who flash: it holds no identity, so that one serves every machine.</summary>
/// <remarks>
/// Its key to log in with is made too, where there is none: whoever describes the machine names it (<c>loginKey</c>) before the
/// first one is switched on.
/// </remarks>
public static class PiCardImage
{
    /// <summary>Writes it to a file; builds it first when it is not in the cache.</summary>
    /// <param name="home">Where it is kept.</param>
    /// <param name="path">Ends with <c>.img</c> or <c>.img.zst</c>; a file that is there is replaced.</param>
    /// <exception cref="PiException">It cannot be built or written.</exception>
    public static async Task WriteAsync(PiHome home, string path, IProgress<PiStep>? progress = null, CancellationToken cancellationToken = default)
    {
        var isCompressed = path.EndsWith(".img.zst", StringComparison.Ordinal);
        if (!isCompressed && !path.EndsWith(".img", StringComparison.Ordinal))
        {
            throw new PiException($"{path} must end with .img or .img.zst.");
        }

        var steps = new StepTeller(progress, home.Time);
        var card = await new CardBuilder(home, steps).GetAsync(cancellationToken);
        await SshLogin.EnsureKeyAsync(home, cancellationToken);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            await steps.TellAsync("writing the image", () => CardWriter.RunAsync("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", card.Image, draft], cancellationToken));
            if (isCompressed)
            {
                await steps.TellAsync("compressing it", () => CardWriter.RunAsync("zstd", ["-q", "-f", "-3", "-T0", draft, "-o", draft + ".zst"], cancellationToken));
                File.Move(draft + ".zst", path, overwrite: true);
            }
            else
            {
                File.Move(draft, path, overwrite: true);
            }
        }
        finally
        {
            File.Delete(draft);
            File.Delete(draft + ".zst");
        }
    }
}
