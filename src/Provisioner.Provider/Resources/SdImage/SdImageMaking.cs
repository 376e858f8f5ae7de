using System.Globalization;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Images;
using Provisioner.Provider.Images.Lint;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.SdImage.Building;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>Makes one image: has it built or takes it, checks it, and puts it in its place.</summary>
internal sealed class SdImageMaking(SdImageArgs desired, string folder, string work, IOperationContext context)
{
    /// <summary>How the names of all files begin that are ours to remove.</summary>
    public const string Prefix = "sd-image-";

    /// <summary>Digest of the flake and of what is built of it.</summary>
    public static Task<string> DigestAsync(SdImageArgs desired, FlakeFolder flake, CancellationToken cancellation) =>
        FlakeContent.DigestAsync(flake, desired.Values, cancellation, desired.Attribute, SdImagePlanner.SystemOf(desired.Board));

    public async Task<SdImageState> RunAsync(CancellationToken cancellation)
    {
        if (desired.Builder != SdImageBuilder.Prebuilt)
        {
            return await BuildAsync(cancellation);
        }

        if (!SdImageRules.IsAddress(desired.Source!))
        {
            return await CheckedAsync(Path.GetFullPath(HomePath.Expand(desired.Source!)), null, desired.Sha256, cancellation);
        }

        var address = new Uri(desired.Source!);
        var name = $"{Prefix}{Plain(context.Name)}-{desired.Sha256!.ToLowerInvariant()[..12]}{ImageFile.EndingOf(address.AbsolutePath)}";
        var fetched = Path.Combine(work, name);
        if (File.Exists(Path.Combine(folder, name)))
        {
            // Fetched by an up that did not come to its end; its content is compared below all the same.
            File.Move(Path.Combine(folder, name), fetched);
        }
        else
        {
            await PrebuiltImage.FetchAsync(address, desired.Sha256!, fetched, context, cancellation);
        }

        return await CheckedAsync(fetched, Path.Combine(folder, name), desired.Sha256, cancellation);
    }

    private async Task<SdImageState> BuildAsync(CancellationToken cancellation)
    {
        var flake = await FlakeFolder.ReadAsync(desired.Flake!, cancellation);
        var built = await ImageBuilding.RunAsync(desired, flake, work, context, cancellation);

        // Again: the build may have brought a lock file into the folder.
        var digest = await DigestAsync(desired, await FlakeFolder.ReadAsync(desired.Flake!, cancellation), cancellation);
        var name = $"{Prefix}{Plain(context.Name)}-{digest[..12]}{ImageFile.EndingOf(built.Name)}";
        var named = Path.Combine(work, name);
        File.Move(built.Path, named);
        var state = await CheckedAsync(named, Path.Combine(folder, name), built.Sha256, cancellation);
        return state with { ContentHash = digest, Country = desired.Country, Situation = new SdImageSituation { ContentHash = digest, Files = flake.Built.Count(), Where = desired.Nix.Display } };
    }

    /// <summary>An image that does not do is not left where somebody could flash it.</summary>
    private async Task<SdImageState> CheckedAsync(string path, string? place, string? sha256, CancellationToken cancellation)
    {
        var shown = -1;
        var raw = ImageFile.CompressionOf(path) == "none" ? path : Path.Combine(work, "raw.img");
        var (digest, size) = await ImageFile.ReadAsync(path, raw == path ? null : raw, share =>
        {
            if ((int)((share ?? 0) * 100) is var percent && percent != shown)
            {
                shown = percent;
                context.Status(string.Create(CultureInfo.InvariantCulture, $"reading the image: {percent} %"));
            }
        }, cancellation);
        if (sha256 is not null && !string.Equals(digest, sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw PrebuiltImage.Other(path, digest, sha256);
        }

        context.Status("checking what is in the image");
        var report = await ImageLint.RunAsync(raw, desired.Board == SdImageBoard.Pi4 ? ImageBoard.Pi4 : ImageBoard.Virtual, work, context.Remote("local:"), cancellation);
        if (!report.Findings.IsEmpty)
        {
            throw new ImageUnfitException($"The image would not do on a headless {SdImagePlanner.WordOf(desired.Board)}")
            {
                Where = desired.Source ?? $"{desired.Attribute} of {desired.Flake}",
                Why = string.Join('\n', report.Findings),
                Next = "mend the flake (infra/nixos is one that passes), or take another image; nothing was put where it could be flashed",
            };
        }

        if (place is not null)
        {
            File.Move(path, place, overwrite: true);
            path = place;
        }

        return new SdImageState
        {
            Path = path,
            Sha256 = digest,
            Size = ImageFile.SizeOf(path),
            ImageSize = size,
            Compression = ImageFile.CompressionOf(path),
            Board = desired.Board,
            Contents = report.Contents,
            Written = ImageFile.WrittenOf(path),
            Situation = new SdImageSituation { Source = place is null ? path : "" },
        };
    }

    private static string Plain(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '-'));
}
