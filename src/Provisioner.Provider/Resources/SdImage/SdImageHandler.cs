using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.SdImage.Building;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>The bootstrap image.</summary>
internal sealed class SdImageHandler : ResourceHandler<SdImageArgs, SdImageState, SdImagePlan>
{
    protected override ImmutableArray<Rule<SdImageArgs>> Rules => SdImageRules.All;

    protected override async Task<SdImageState?> ObserveAsync(SdImageArgs desired, SdImageState? known, IOperationContext context, CancellationToken cancellation)
    {
        var state = known is null ? new SdImageState { Board = desired.Board } : await WithDriftAsync(known, cancellation);
        var situation = desired.Builder == SdImageBuilder.Prebuilt ? Prebuilt(desired) : await FlakeAsync(desired, state, context, cancellation);
        return state with { Situation = situation };
    }

    protected internal override SdImagePlan Plan(SdImageArgs desired, SdImageState? actual) => SdImagePlanner.Plan(desired, actual);

    protected internal override SdImagePlan PlanDelete(SdImageArgs desired, SdImageState actual) =>
        IsOurs(desired, actual.Path) && File.Exists(actual.Path)
            ? new SdImagePlan { Steps = [new Step($"remove {actual.Path}", Script.Of($"rm -f -- {actual.Path}") with { NeedsRoot = false, Idempotent = true })] }
            : new SdImagePlan();

    protected internal override Expected<SdImageState> Expect(SdImageArgs desired, SdImageState? actual) =>
        actual is not null && !Plan(desired, actual).Makes
            ? new Expected<SdImageState>(actual)
            : new Expected<SdImageState>(
                (actual ?? new SdImageState()) with { Board = desired.Board, ContentHash = actual?.Situation.ContentHash ?? "", Sha256 = desired.Sha256?.ToLowerInvariant() ?? "" },
                [
                    .. desired.Builder == SdImageBuilder.Prebuilt && desired.Sha256 is not null ? ImmutableArray<string>.Empty : [nameof(SdImageState.Sha256)],
                    nameof(SdImageState.Path), nameof(SdImageState.Size), nameof(SdImageState.ImageSize), nameof(SdImageState.Compression),
                    nameof(SdImageState.Contents), nameof(SdImageState.Written),
                ]);

    protected internal override string IdOf(SdImageArgs desired, SdImageState state) => state.Path;

    protected override string? DeviceOf(SdImageArgs desired) => "local:";

    protected override async Task<SdImageState> ApplyAsync(
        SdImageArgs desired, SdImageState? actual, SdImagePlan plan, IOperationContext context, CancellationToken cancellation)
    {
        if (!plan.Makes && actual is not null)
        {
            return actual;
        }

        var folder = ImageFile.FolderOf(desired.Folder);
        Directory.CreateDirectory(folder);
        var work = Directory.CreateDirectory(Path.Combine(folder, $".work-{Path.GetRandomFileName()}")).FullName;
        try
        {
            var state = await new SdImageMaking(desired, folder, work, context).RunAsync(cancellation);
            if (actual is { Path.Length: > 0 } && actual.Path != state.Path && IsOurs(desired, actual.Path))
            {
                File.Delete(actual.Path);
            }

            return state;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Only what we made in our own folder is ours to remove.</summary>
    private static bool IsOurs(SdImageArgs desired, string path) =>
        path.Length > 0 && Path.GetDirectoryName(path) == ImageFile.FolderOf(desired.Folder) && Path.GetFileName(path).StartsWith(SdImageMaking.Prefix, StringComparison.Ordinal);

    private static async Task<SdImageState> WithDriftAsync(SdImageState known, CancellationToken cancellation)
    {
        var drift = ImmutableSortedDictionary<string, string>.Empty;
        if (known.Path.Length > 0 && !File.Exists(known.Path))
        {
            drift = drift.Add("file", $"{known.Path} is missing");
        }
        else if (known.Path.Length > 0 && (ImageFile.SizeOf(known.Path) != known.Size || ImageFile.WrittenOf(known.Path) != known.Written))
        {
            await using var file = File.OpenRead(known.Path);
            var digest = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file, cancellation));
            if (digest != known.Sha256)
            {
                drift = drift.Add("file", $"{known.Path} has another content");
            }
            else
            {
                known = known with { Written = ImageFile.WrittenOf(known.Path) };
            }
        }

        return known with { Drift = drift };
    }

    private static SdImageSituation Prebuilt(SdImageArgs desired)
    {
        if (SdImageRules.IsAddress(desired.Source!))
        {
            return new SdImageSituation();
        }

        var path = Path.GetFullPath(HomePath.Expand(desired.Source!));
        return File.Exists(path)
            ? new SdImageSituation { Source = path }
            : new SdImageSituation { Source = path, Where = "what is there already", Obstacle = $"{path} is not there", Remedy = "correct source" };
    }

    private static async Task<SdImageSituation> FlakeAsync(SdImageArgs desired, SdImageState state, IOperationContext context, CancellationToken cancellation)
    {
        var flake = await FlakeFolder.ReadAsync(desired.Flake!, cancellation);
        var found = await SecretsCheck.SearchAsync(flake, new AcceptedSecrets(desired.AcceptedCommits, desired.AcceptedFindings), cancellation);
        var files = flake.Built.ToList();
        var built = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var situation = new SdImageSituation
        {
            ContentHash = await SdImageMaking.DigestAsync(desired, flake, cancellation),
            Files = built.Count,
            Secrets = [.. found.Where(finding => finding.Refuses).Select(finding => finding.ToString())],
            Doubts = [.. found.Where(finding => !finding.Refuses && finding.Commit is null && built.Contains(finding.Path)).Select(finding => finding.ToString())],
            Where = desired.Nix.Display,
        };

        // The builder is asked only when it is needed: most previews build nothing.
        if (state.Sha256.Length > 0 && state.ContentHash == situation.ContentHash && state.Drift.IsEmpty && state.Board == desired.Board)
        {
            return situation;
        }

        var (builder, verdict) = await desired.Nix.ProbeAsync(context, cancellation);
        situation = situation with { Beyond = [.. FlakeReach.Beyond(flake, files)], Where = builder.Display, Obstacle = verdict.Obstacle, Remedy = verdict.Remedy, Cost = verdict.Cost };

        // Only what may be built is sent anywhere.
        return context.IsPreview && verdict.Obstacle is null && situation.Secrets.IsEmpty
            ? situation with { Kernels = await ImageBuilding.KernelsAsync(desired with { ContainerEngine = builder.ContainerEngine }, flake, context, cancellation) }
            : situation;
    }
}
