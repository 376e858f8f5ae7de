using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes.Secrets;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>What can be wrong with the inputs.</summary>
internal static partial class SdImageRules
{
    public static ImmutableArray<Rule<SdImageArgs>> All { get; } =
    [
        Rule<SdImageArgs>.Of(
            args => args.Builder != SdImageBuilder.Prebuilt && string.IsNullOrWhiteSpace(args.Flake)
                ? "is required to build an image; set it to the folder with flake.nix, such as infra/nixos, or take a ready image with builder \"prebuilt\""
                : null,
            nameof(SdImageArgs.Flake), nameof(SdImageArgs.Builder)),
        Rule<SdImageArgs>.Of(args => args.Country is null ? null : Flakes.HostValues.CountryProblem(args.Country), nameof(SdImageArgs.Country)),
        Rule<SdImageArgs>.Of(SourceProblem, nameof(SdImageArgs.Source), nameof(SdImageArgs.Builder)),
        Rule<SdImageArgs>.Of(
            args => args.Builder == SdImageBuilder.Prebuilt && (args.Sha256 is { } digest ? !Digest().IsMatch(digest) : args.Source is { } source && IsAddress(source))
                ? "must be the 64 hex digits of the source's SHA-256; get them with: sha256sum FILE"
                : null,
            nameof(SdImageArgs.Sha256), nameof(SdImageArgs.Source), nameof(SdImageArgs.Builder)),
        Rule<SdImageArgs>.Of(args => NixBuilderRules.HostProblem(args.Host, args.Builder == SdImageBuilder.Ssh), nameof(SdImageArgs.Host), nameof(SdImageArgs.Builder)),
        Rule<SdImageArgs>.Of(
            args => Attribute().IsMatch(args.Attribute) ? null : $"'{args.Attribute}' is no attribute path such as nixosConfigurations.bootstrap.config.system.build.sdImage",
            nameof(SdImageArgs.Attribute)),
        Rule<SdImageArgs>.Of(args => NixBuilderRules.OptionsProblem(args.NixOptions), nameof(SdImageArgs.NixOptions)),
        Rule<SdImageArgs>.Of(
            args => args.AcceptedCommits.FirstOrDefault(commit => !Commit().IsMatch(commit)) is { } wrong
                ? $"has '{wrong}': give commits by their ids, 7 to 40 hex digits, as the finding shows them"
                : null,
            nameof(SdImageArgs.AcceptedCommits)),
        Rule<SdImageArgs>.Of(
            args => args.AcceptedFindings.Select(SecretToken.Problem).FirstOrDefault(problem => problem is not null), nameof(SdImageArgs.AcceptedFindings)),
    ];

    /// <summary>Whether a source is an address.</summary>
    public static bool IsAddress(string source) => source.Contains("://", StringComparison.Ordinal);

    private static string? SourceProblem(SdImageArgs args) => (args.Builder, args.Source) switch
    {
        (SdImageBuilder.Prebuilt, null or "") => "is required with builder \"prebuilt\": a path or an http(s) address",
        (SdImageBuilder.Prebuilt, { } source) when IsAddress(source) && !(Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") =>
            "must be a path, or an address that begins with https:// or http://",
        (SdImageBuilder.Prebuilt, _) or (_, null) => null,
        _ => "is given, but the builder is another one than \"prebuilt\"; leave one of the two out",
    };

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Digest();

    [GeneratedRegex("^[0-9a-fA-F]{7,40}$")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^[A-Za-z_""][\w.""'+-]*$")]
    private static partial Regex Attribute();
}
