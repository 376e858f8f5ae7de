namespace Pulumi.Command.Local;

/// <summary>Runs a command of this machine whenever the program runs, in a preview too.</summary>
public static class Run
{
    private const string Token = "command:local:run";

    /// <summary>Runs it at once.</summary>
    public static Task<RunResult> InvokeAsync(RunArgs args, InvokeOptions? options = null) => Deployment.Instance.InvokeAsync<RunResult>(Token, args, options);

    /// <summary>Runs it when its inputs are known.</summary>
    public static Output<RunResult> Invoke(RunInvokeArgs args, InvokeOptions? options = null) => Deployment.Instance.Invoke<RunResult>(Token, args, options);

    /// <summary>Runs it when its inputs are known, and what it depends on is there.</summary>
    public static Output<RunResult> Invoke(RunInvokeArgs args, InvokeOutputOptions options) => Deployment.Instance.Invoke<RunResult>(Token, args, options);
}

/// <summary>The inputs of a <see cref="Run"/>, all of them known.</summary>
public sealed class RunArgs : InvokeArgs
{
    /// <summary>Whether stdout and stderr of the run before are in the environment, as <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; they are when it is left out.</summary>
    [Input("addPreviousOutputInEnv")]
    public bool? AddPreviousOutputInEnv { get; set; }

    [Input("archivePaths")]
    private List<string>? _archivePaths;

    /// <summary>Patterns of files that become <c>Archive</c> once the command has ended, as in <c>AssetPaths</c>.</summary>
    public List<string> ArchivePaths
    {
        get => _archivePaths ??= [];
        set => _archivePaths = value;
    }

    [Input("assetPaths")]
    private List<string>? _assetPaths;

    /// <summary>Patterns of files that become <c>Assets</c> once the command has ended: <c>*</c> is anything without a slash, <c>**</c> anything; one with <c>!</c> in front takes files out again.</summary>
    public List<string> AssetPaths
    {
        get => _assetPaths ??= [];
        set => _assetPaths = value;
    }

    /// <summary>The command.</summary>
    [Input("command", required: true)]
    public string Command { get; set; } = null!;

    /// <summary>The folder in which the command runs; it must be there.</summary>
    [Input("dir")]
    public string? Dir { get; set; }

    [Input("environment")]
    private Dictionary<string, string>? _environment;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    public Dictionary<string, string> Environment
    {
        get => _environment ??= [];
        set => _environment = value;
    }

    [Input("interpreter")]
    private List<string>? _interpreter;

    /// <summary>The program that the command is given to, and its arguments before it; <c>/bin/sh -c</c> when it is left out.</summary>
    public List<string> Interpreter
    {
        get => _interpreter ??= [];
        set => _interpreter = value;
    }

    /// <summary>Which of the command's outputs are shown while it runs; both when it is left out.</summary>
    [Input("logging")]
    public Logging? Logging { get; set; }

    /// <summary>What the command reads from its standard input.</summary>
    [Input("stdin")]
    public string? Stdin { get; set; }

    /// <summary>No inputs.</summary>
    public static new RunArgs Empty => new();
}

/// <summary>The inputs of a <see cref="Run"/>.</summary>
public sealed class RunInvokeArgs : InvokeArgs
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

    /// <summary>The command.</summary>
    [Input("command", required: true)]
    public Input<string> Command { get; set; } = null!;

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

    /// <summary>No inputs.</summary>
    public static new RunInvokeArgs Empty => new();
}
