using System.Collections.Immutable;

namespace Pulumi.Command.Local;

/// <summary>What a <see cref="Run"/> answers.</summary>
[OutputType]
public sealed class RunResult
{
    /// <summary>Whether stdout and stderr of the run before are in the environment, as <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; they are when it is left out.</summary>
    public readonly bool? AddPreviousOutputInEnv;

    /// <summary>The files that <c>ArchivePaths</c> found.</summary>
    public readonly Archive? Archive;

    /// <summary>Patterns of files that become <c>Archive</c> once the command has ended, as in <c>AssetPaths</c>.</summary>
    public readonly ImmutableArray<string> ArchivePaths;

    /// <summary>Patterns of files that become <c>Assets</c> once the command has ended: <c>*</c> is anything without a slash, <c>**</c> anything; one with <c>!</c> in front takes files out again.</summary>
    public readonly ImmutableArray<string> AssetPaths;

    /// <summary>The files that <c>AssetPaths</c> found, by their path from the command's folder.</summary>
    public readonly ImmutableDictionary<string, AssetOrArchive>? Assets;

    /// <summary>The command.</summary>
    public readonly string Command;

    /// <summary>The folder in which the command runs; it must be there.</summary>
    public readonly string? Dir;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    public readonly ImmutableDictionary<string, string>? Environment;

    /// <summary>The program that the command is given to, and its arguments before it; <c>/bin/sh -c</c> when it is left out.</summary>
    public readonly ImmutableArray<string> Interpreter;

    /// <summary>Which of the command's outputs are shown while it runs; both when it is left out.</summary>
    public readonly Logging? Logging;

    /// <summary>What the command wrote to its standard error, without the line end at its end.</summary>
    public readonly string Stderr;

    /// <summary>What the command reads from its standard input.</summary>
    public readonly string? Stdin;

    /// <summary>What the command wrote to its standard output, without the line end at its end.</summary>
    public readonly string Stdout;

    [OutputConstructor]
    private RunResult(
        bool? addPreviousOutputInEnv,
        Archive? archive,
        ImmutableArray<string> archivePaths,
        ImmutableArray<string> assetPaths,
        ImmutableDictionary<string, AssetOrArchive>? assets,
        string command,
        string? dir,
        ImmutableDictionary<string, string>? environment,
        ImmutableArray<string> interpreter,
        Logging? logging,
        string stderr,
        string? stdin,
        string stdout)
    {
        AddPreviousOutputInEnv = addPreviousOutputInEnv;
        Archive = archive;
        ArchivePaths = archivePaths;
        AssetPaths = assetPaths;
        Assets = assets;
        Command = command;
        Dir = dir;
        Environment = environment;
        Interpreter = interpreter;
        Logging = logging;
        Stderr = stderr;
        Stdin = stdin;
        Stdout = stdout;
    }
}
