using System.Collections.Immutable;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Modelling;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Local;

/// <summary>How a command runs on this machine.</summary>
internal interface ILocalSettings
{
    ImmutableArray<string>? Interpreter { get; }

    string? Dir { get; }

    ImmutableArray<string>? AssetPaths { get; }

    ImmutableArray<string>? ArchivePaths { get; }

    /// <summary>What must hold of these properties beyond the types.</summary>
    static ImmutableArray<Rule<T>> RulesOf<T>()
        where T : ILocalSettings =>
    [
        Rule<T>.Of(settings => Globs.Problem(settings.AssetPaths), nameof(AssetPaths)),
        Rule<T>.Of(settings => Globs.Problem(settings.ArchivePaths), nameof(ArchivePaths)),
    ];
}

[Doc("A command of this machine, run once when the resource is created, and again when an input changes.")]
internal record LocalCommandArgs : CommandArgs, ILocalSettings
{
    [Doc(LocalDocs.Interpreter)]
    public ImmutableArray<string>? Interpreter { get; init; }

    [Doc(LocalDocs.Dir)]
    public string? Dir { get; init; }

    [Doc(LocalDocs.AssetPaths)]
    public ImmutableArray<string>? AssetPaths { get; init; }

    [Doc(LocalDocs.ArchivePaths)]
    public ImmutableArray<string>? ArchivePaths { get; init; }

    /// <summary>What must hold beyond the types.</summary>
    public static ImmutableArray<Rule<LocalCommandArgs>> Rules { get; } =
    [
        .. CommandRules<LocalCommandArgs>(),
        .. ILocalSettings.RulesOf<LocalCommandArgs>(),
    ];
}

/// <summary>The outputs.</summary>
internal sealed record LocalCommandState : LocalCommandArgs, ICommandState
{
    [Doc(CommandDocs.Stdout)]
    public required string Stdout { get; init; }

    [Doc(CommandDocs.Stderr)]
    public required string Stderr { get; init; }

    [Doc(LocalDocs.Assets)]
    public ImmutableSortedDictionary<string, AssetOrArchive>? Assets { get; init; }

    [Doc(LocalDocs.Archive)]
    public PropertyValue.Archive? Archive { get; init; }
}

/// <summary>What the resource and the function have in common to say.</summary>
internal static class LocalDocs
{
    public const string Interpreter = "The program that the command is given to, and its arguments before it; /bin/sh -c when it is left out.";
    public const string Dir = "The folder in which the command runs; it must be there. The folder of the provider's process when it is left out.";
    public const string AssetPaths = "Patterns of files that become the output assets once the command has ended: * is anything without a slash, ** anything, ? one character, [a-z] and {a,b} a choice. One with ! in front takes files out again that an earlier one has found. Paths begin at the command's folder.";
    public const string ArchivePaths = "Patterns of files that become the output archive once the command has ended, as in assetPaths.";
    public const string Assets = "The files that assetPaths found, by their path from the command's folder.";
    public const string Archive = "The files that archivePaths found.";
}
