using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>What to do about an image.</summary>
internal sealed record SdImagePlan : ResourcePlan
{
    /// <summary>The image is built, fetched or taken, and checked.</summary>
    public bool Makes { get; init; }
}

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class SdImagePlanner
{
    // Whoever has more of them needs no longer list to begin with.
    private const int Listed = 20;

    public static SdImagePlan Plan(SdImageArgs desired, SdImageState? actual)
    {
        var situation = actual?.Situation ?? new SdImageSituation();
        ImmutableArray<PropertyChange> changes = [.. Changes(desired, actual, situation)];
        if (changes.IsEmpty)
        {
            return new SdImagePlan
            {
                Warnings = situation.Secrets.IsEmpty ? [] : [$"the flake would not be built again as it is, there are secrets in it:\n{List(situation.Secrets)}"],
            };
        }

        return new SdImagePlan
        {
            Changes = changes,
            Makes = true,
            Steps = [.. Steps(desired, situation)],
            Warnings = [.. Country(desired), .. situation.Cost is { } cost ? new[] { cost } : [], .. situation.Kernels.Select(kernel => KernelForecast.Sentence(kernel, situation.Where)), .. Doubts(situation), .. situation.Beyond],
            Refusals = [.. Refusals(situation)],
        };
    }

    /// <summary>What Nix builds for a board.</summary>
    public static string SystemOf(SdImageBoard board) => board == SdImageBoard.Pi4 ? "aarch64-linux" : "x86_64-linux";

    /// <summary>The board's word on the wire.</summary>
    public static string WordOf(SdImageBoard board) => board == SdImageBoard.Pi4 ? "pi4" : "virtual";

    private static IEnumerable<PropertyChange> Changes(SdImageArgs desired, SdImageState? actual, SdImageSituation situation)
    {
        if (actual is null || actual.Sha256.Length == 0)
        {
            yield return new PropertyChange("path", ChangeKind.Add);
            yield break;
        }

        if (actual.Board != desired.Board)
        {
            yield return new PropertyChange("board", ChangeKind.Update, WordOf(actual.Board), WordOf(desired.Board));
        }

        if (desired.Builder == SdImageBuilder.Prebuilt)
        {
            if (desired.Sha256 is { } wanted && !string.Equals(wanted, actual.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                yield return new PropertyChange("sha256", ChangeKind.Update, actual.Sha256, wanted);
            }
            else if (situation.Source.Length > 0 && situation.Source != actual.Path)
            {
                yield return new PropertyChange("path", ChangeKind.Update, actual.Path, situation.Source);
            }
        }
        else if (situation.ContentHash != actual.ContentHash)
        {
            yield return new PropertyChange("contentHash", ChangeKind.Update, Short(actual.ContentHash), Short(situation.ContentHash)) 
            {
                Because = desired.Country != actual.Country ? $"the country: {actual.Country ?? "the flake's own"} → {desired.Country ?? "the flake's own"}" : "the flake has changed since the image was built",
            };
        }

        foreach (var (name, what) in actual.Drift)
        {
            yield return new PropertyChange(name, ChangeKind.Update, what, "as it was made") { Because = "changed on this machine" };
        }
    }

    private static IEnumerable<Step> Steps(SdImageArgs desired, SdImageSituation situation)
    {
        var word = WordOf(desired.Board);
        if (desired.Builder == SdImageBuilder.Prebuilt)
        {
            yield return new Step(
                $"{(SdImageRules.IsAddress(desired.Source!) ? "fetch" : "read")} {desired.Source}{(desired.Sha256 is null ? string.Empty : ", and compare its SHA-256")}", null);
        }
        else
        {
            yield return new Step(
                $"build {desired.Attribute} for {SystemOf(desired.Board)} with {situation.Where}, from {situation.Files} files of {desired.Flake} in which no secret was found",
                null);
            yield return new Step("bring the image here, with its SHA-256", null);
        }

        yield return new Step($"check that the image has what a headless {word} needs, and no secret", null);
    }

    private static IEnumerable<Refusal> Refusals(SdImageSituation situation)
    {
        if (!situation.Secrets.IsEmpty)
        {
            yield return new Refusal("build an image from a flake with secrets in it")
            {
                Why = $"the Nix store is readable by everybody, keeps every version, and is copied to caches\nfound:\n{List(situation.Secrets)}",
                Next = "do for each place what is said behind it, and run the preview again",
            };
        }

        if (situation.Obstacle is { } obstacle)
        {
            yield return new Refusal($"build the image with {situation.Where}") { Why = obstacle, Next = situation.Remedy };
        }
    }

    private static IEnumerable<string> Country(SdImageArgs desired)
    {
        if (desired is { Builder: SdImageBuilder.Prebuilt, Country: { } country })
        {
            yield return $"the country {country} does not reach an image that is ready: until the system is installed, the WiFi keeps to the country that the image was built with";
        }
    }

    private static IEnumerable<string> Doubts(SdImageSituation situation)
    {
        if (!situation.Doubts.IsEmpty)
        {
            yield return $"the flake has what may be a secret, and is built all the same:\n{List(situation.Doubts)}";
        }
    }

    private static string List(ImmutableArray<string> findings) =>
        string.Join('\n', findings.Take(Listed).Select(finding => "  " + finding)) + (findings.Length > Listed ? $"\n  and {findings.Length - Listed} more" : "");

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest.Length == 0 ? "none" : digest;
}
