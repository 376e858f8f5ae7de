using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Building;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.SdImage.Building;

/// <summary>An image that a builder has made, not checked yet.</summary>
/// <param name="Path">A work file.</param>
/// <param name="Name">The name that the build gave it.</param>
/// <param name="Sha256">The file's.</param>
internal sealed record BuiltImage(string Path, string Name, string Sha256);

/// <summary>Has an image built, and brings it here.</summary>
internal static class ImageBuilding
{
    /// <summary>Kernels that a build would compile.</summary>
    public static async Task<ImmutableArray<string>> KernelsAsync(SdImageArgs desired, FlakeFolder flake, IOperationContext context, CancellationToken cancellation)
    {
        context.Status($"asking {desired.Nix.Display} what it would build");
        using var tar = new MemoryStream();
        await FlakeContent.WriteTarAsync(flake, desired.Values, tar, cancellation);
        return await KernelForecast.AskAsync(
            desired.Nix, KernelForecast.Ask(ImageBuild.Nix(desired.NixOptions), desired.Attribute), Payload.Of(tar.ToArray()), context, cancellation);
    }

    /// <summary>Builds, and brings the image into the work folder.</summary>
    /// <exception cref="ImageBuildException">Nix did not; the end of its log is the reason.</exception>
    public static async Task<BuiltImage> RunAsync(SdImageArgs desired, FlakeFolder flake, string work, IOperationContext context, CancellationToken cancellation)
    {
        var sent = FlakeLock.Of(flake);
        var tar = Path.Combine(work, "flake.tar");
        await using (var target = new FileStream(tar, FileMode.CreateNew, FileAccess.Write))
        {
            await FlakeContent.WriteTarAsync(flake, desired.Values, target, cancellation);
        }

        var image = Path.Combine(work, "image");
        var shown = -1L;
        using var receiver = new ImageReceiver(image, (done, size) =>
        {
            if (done * 100 / Math.Max(1, size) is var share && share != shown)
            {
                shown = share;
                context.Status(string.Create(CultureInfo.InvariantCulture, $"the image comes: {share} % of {size / 1e6:0} MB"));
            }
        });
        try
        {
            await desired.Nix.RunAsync(
                ImageBuild.Script(desired.Attribute, desired.NixOptions),
                script => script with
                {
                    Stdin = Payload.Streamed(new FileInfo(tar).Length, () => File.OpenRead(tar)),
                    Sink = receiver.Take,
                },
                context,
                cancellation);
            var digest = receiver.Finish();
            if (receiver.Lock is { } made)
            {
                FlakeLock.Keep(flake, sent, made, context);
            }

            return new BuiltImage(image, receiver.Name, digest);
        }
        catch (ScriptFailedException failure)
        {
            throw new ImageBuildException("Nix did not build the image", failure)
            {
                Where = desired.Nix.Display,
                Why = failure.ExitCode is null ? $"{failure.What}: {failure.Why}" : failure.Why,
                Next = failure.ExitCode == ImageBuild.NoImage
                    ? "set attribute to a derivation that leaves an image in sd-image/, as NixOS's sdImage does"
                    : "the same can be tried by hand in the flake's folder: nix build path:.#" + desired.Attribute,
            };
        }
        catch (IOException cut)
        {
            throw new ImageBuildException("The image did not come whole", cut) { Where = desired.Nix.Display, Why = cut.Message, Next = "run up again: what was built is built" };
        }
    }
}
