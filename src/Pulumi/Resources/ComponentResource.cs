using Pulumi.Runtime;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A resource that groups others: those that name it as their parent.</summary>
public class ComponentResource : Resource
{
    /// <param name="type">The type's token, such as <c>lamp:index:Site</c>.</param>
    /// <param name="name">A name that no other resource of this type and parent has.</param>
    /// <param name="options">How the engine treats the component and, as far as they inherit it, its children.</param>
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : this(type, name, ResourceArgs.Empty, options)
    {
    }

    /// <param name="type">The type's token, such as <c>lamp:index:Site</c>.</param>
    /// <param name="name">A name that no other resource of this type and parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the component and, as far as they inherit it, its children.</param>
    /// <param name="remote">Whether a provider makes the component's children, not this program.</param>
    public ComponentResource(string type, string name, ResourceArgs? args, ComponentResourceOptions? options = null, bool remote = false)
        : base(type, name, custom: false, args ?? ResourceArgs.Empty, options ?? new ComponentResourceOptions(), remote) =>
        IsRemote = remote;

    internal bool IsRemote { get; }

    /// <summary>Ends the component, with the values of its [Output] properties as its outputs.</summary>
    protected void RegisterOutputs() => RegisterOutputs(OutputProperties.Of(this));

    /// <summary>Ends the component with these outputs.</summary>
    protected void RegisterOutputs(IDictionary<string, object?> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        RegisterOutputs(Output.Create(outputs));
    }

    /// <inheritdoc cref="RegisterOutputs(IDictionary{string, object?})"/>
    protected void RegisterOutputs(Task<IDictionary<string, object?>> outputs) => RegisterOutputs(Output.Create(outputs));

    /// <inheritdoc cref="RegisterOutputs(IDictionary{string, object?})"/>
    protected void RegisterOutputs(Output<IDictionary<string, object?>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ProgramRun.Required.Registrar.StartOutputs(this, outputs);
    }
}
