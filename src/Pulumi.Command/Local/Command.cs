using System.Collections.Immutable;

namespace Pulumi.Command.Local;

/// <summary>A command of this machine, run once when the resource is created, and again when an input changes.</summary>
[CommandResourceType("command:local:Command")]
public partial class Command : CustomResource
{
    /// <param name="name">A name that no other Command of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public Command(string name, CommandArgs? args = null, CustomResourceOptions? options = null)
        : base("command:local:Command", name, args ?? new CommandArgs(), Options(options, null))
    {
    }

    private Command(string name, Input<string> id, CustomResourceOptions? options)
        : base("command:local:Command", name, null, Options(options, id))
    {
    }

    /// <summary>Whether stdout and stderr of the run before are in the environment, as <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; they are when it is left out.</summary>
    [Output("addPreviousOutputInEnv")]
    public Output<bool?> AddPreviousOutputInEnv { get; private set; } = null!;

    /// <summary>The files that <c>ArchivePaths</c> found.</summary>
    [Output("archive")]
    public Output<Archive?> Archive { get; private set; } = null!;

    /// <summary>Patterns of files that become <c>Archive</c> once the command has ended, as in <c>AssetPaths</c>.</summary>
    [Output("archivePaths")]
    public Output<ImmutableArray<string>> ArchivePaths { get; private set; } = null!;

    /// <summary>Patterns of files that become <c>Assets</c> once the command has ended: <c>*</c> is anything without a slash, <c>**</c> anything; one with <c>!</c> in front takes files out again.</summary>
    [Output("assetPaths")]
    public Output<ImmutableArray<string>> AssetPaths { get; private set; } = null!;

    /// <summary>The files that <c>AssetPaths</c> found, by their path from the command's folder.</summary>
    [Output("assets")]
    public Output<ImmutableDictionary<string, AssetOrArchive>?> Assets { get; private set; } = null!;

    /// <summary>The command that makes what the resource stands for; it also runs when an input changes, as long as there is no <c>Update</c>.</summary>
    [Output("create")]
    public Output<string?> Create { get; private set; } = null!;

    /// <summary>The command that takes away what <c>Create</c> made; nothing is run when it is left out.</summary>
    [Output("delete")]
    public Output<string?> Delete { get; private set; } = null!;

    /// <summary>The folder in which the command runs; it must be there.</summary>
    [Output("dir")]
    public Output<string?> Dir { get; private set; } = null!;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    [Output("environment")]
    public Output<ImmutableDictionary<string, string>?> Environment { get; private set; } = null!;

    /// <summary>The program that the command is given to, and its arguments before it; <c>/bin/sh -c</c> when it is left out.</summary>
    [Output("interpreter")]
    public Output<ImmutableArray<string>> Interpreter { get; private set; } = null!;

    /// <summary>Which of the command's outputs are shown while it runs; both when it is left out.</summary>
    [Output("logging")]
    public Output<Logging?> Logging { get; private set; } = null!;

    /// <summary>What the command wrote to its standard error, without the line end at its end.</summary>
    [Output("stderr")]
    public Output<string> Stderr { get; private set; } = null!;

    /// <summary>What the command reads from its standard input.</summary>
    [Output("stdin")]
    public Output<string?> Stdin { get; private set; } = null!;

    /// <summary>What the command wrote to its standard output, without the line end at its end.</summary>
    [Output("stdout")]
    public Output<string> Stdout { get; private set; } = null!;

    /// <summary>Values of any kind: when one changes, the resource is made anew.</summary>
    [Output("triggers")]
    public Output<ImmutableArray<object>> Triggers { get; private set; } = null!;

    /// <summary>The command that runs when an input changes; <c>Create</c> when it is left out.</summary>
    [Output("update")]
    public Output<string?> Update { get; private set; } = null!;

    /// <summary>An existing one of a stack, by its id.</summary>
    public static Command Get(string name, Input<string> id, CustomResourceOptions? options = null) => new(name, id, options);

    private static CustomResourceOptions Options(CustomResourceOptions? options, Input<string>? id)
    {
        var merged = CustomResourceOptions.Merge(new CustomResourceOptions { ReplaceOnChanges = { "triggers[*]" } }, options);
        merged.Id = id ?? merged.Id;
        return merged;
    }
}

/// <summary>The inputs of a <see cref="Command"/>.</summary>
public sealed class CommandArgs : ResourceArgs
{
    /// <summary>Whether stdout and stderr of the run before are in the environment, as <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; they are when it is left out.</summary>
    [Input("addPreviousOutputInEnv")]
    public Input<bool>? AddPreviousOutputInEnv { get; set; }

    [Input("archivePaths")]
    private InputList<string>? _archivePaths;

    /// <summary>Patterns of files that become <c>Archive</c> once the command has ended, as in <c>AssetPaths</c>.</summary>
    public InputList<string> ArchivePaths
    {
        get => _archivePaths ??= [];
        set => _archivePaths = value;
    }

    [Input("assetPaths")]
    private InputList<string>? _assetPaths;

    /// <summary>Patterns of files that become <c>Assets</c> once the command has ended: <c>*</c> is anything without a slash, <c>**</c> anything; one with <c>!</c> in front takes files out again.</summary>
    public InputList<string> AssetPaths
    {
        get => _assetPaths ??= [];
        set => _assetPaths = value;
    }

    /// <summary>The command that makes what the resource stands for; it also runs when an input changes, as long as there is no <c>Update</c>.</summary>
    [Input("create")]
    public Input<string>? Create { get; set; }

    /// <summary>The command that takes away what <c>Create</c> made; nothing is run when it is left out.</summary>
    [Input("delete")]
    public Input<string>? Delete { get; set; }

    /// <summary>The folder in which the command runs; it must be there.</summary>
    [Input("dir")]
    public Input<string>? Dir { get; set; }

    [Input("environment")]
    private InputMap<string>? _environment;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    public InputMap<string> Environment
    {
        get => _environment ??= [];
        set => _environment = value;
    }

    [Input("interpreter")]
    private InputList<string>? _interpreter;

    /// <summary>The program that the command is given to, and its arguments before it; <c>/bin/sh -c</c> when it is left out.</summary>
    public InputList<string> Interpreter
    {
        get => _interpreter ??= [];
        set => _interpreter = value;
    }

    /// <summary>Which of the command's outputs are shown while it runs; both when it is left out.</summary>
    [Input("logging")]
    public Input<Logging>? Logging { get; set; }

    /// <summary>What the command reads from its standard input.</summary>
    [Input("stdin")]
    public Input<string>? Stdin { get; set; }

    [Input("triggers")]
    private InputList<object>? _triggers;

    /// <summary>Values of any kind: when one changes, the resource is made anew.</summary>
    public InputList<object> Triggers
    {
        get => _triggers ??= [];
        set => _triggers = value;
    }

    /// <summary>The command that runs when an input changes; <c>Create</c> when it is left out.</summary>
    [Input("update")]
    public Input<string>? Update { get; set; }

    /// <summary>No inputs.</summary>
    public static new CommandArgs Empty => new();
}
