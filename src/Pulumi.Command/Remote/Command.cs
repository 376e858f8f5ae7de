using System.Collections.Immutable;

namespace Pulumi.Command.Remote;

/// <summary>A command of another machine, run over SSH once when the resource is created, and again when an input changes.</summary>
[CommandResourceType("command:remote:Command")]
public partial class Command : CustomResource
{
    /// <param name="name">A name that no other Command of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public Command(string name, CommandArgs args, CustomResourceOptions? options = null)
        : base("command:remote:Command", name, args, Options(options, null))
    {
    }

    private Command(string name, Input<string> id, CustomResourceOptions? options)
        : base("command:remote:Command", name, null, Options(options, id))
    {
    }

    /// <summary>Whether stdout and stderr of the run before are in the environment, as <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; they are when it is left out.</summary>
    [Output("addPreviousOutputInEnv")]
    public Output<bool?> AddPreviousOutputInEnv { get; private set; } = null!;

    /// <summary>The machine, and how to log in to it.</summary>
    [Output("connection")]
    public Output<Outputs.Connection> Connection { get; private set; } = null!;

    /// <summary>The command that makes what the resource stands for; it also runs when an input changes, as long as there is no <c>Update</c>.</summary>
    [Output("create")]
    public Output<string?> Create { get; private set; } = null!;

    /// <summary>The command that takes away what <c>Create</c> made; nothing is run when it is left out.</summary>
    [Output("delete")]
    public Output<string?> Delete { get; private set; } = null!;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    [Output("environment")]
    public Output<ImmutableDictionary<string, string>?> Environment { get; private set; } = null!;

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
        var merged = CustomResourceOptions.Merge(new CustomResourceOptions { AdditionalSecretOutputs = { "connection" }, ReplaceOnChanges = { "triggers[*]" } }, options);
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

    [Input("connection", required: true)]
    private Input<Inputs.ConnectionArgs>? _connection;

    /// <summary>The machine, and how to log in to it.</summary>
    public Input<Inputs.ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = value is null ? (Input<Inputs.ConnectionArgs>?)null : Output.CreateSecret(value.ToOutput());
    }

    /// <summary>The command that makes what the resource stands for; it also runs when an input changes, as long as there is no <c>Update</c>.</summary>
    [Input("create")]
    public Input<string>? Create { get; set; }

    /// <summary>The command that takes away what <c>Create</c> made; nothing is run when it is left out.</summary>
    [Input("delete")]
    public Input<string>? Delete { get; set; }

    [Input("environment")]
    private InputMap<string>? _environment;

    /// <summary>Variables for the command's environment, besides those that are there.</summary>
    public InputMap<string> Environment
    {
        get => _environment ??= [];
        set => _environment = value;
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
