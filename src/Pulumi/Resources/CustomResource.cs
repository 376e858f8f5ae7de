namespace Pulumi;

/// <summary>A resource that a provider creates, reads, updates and deletes.</summary>
public class CustomResource : Resource
{
    /// <param name="type">The type's token, such as <c>command:local:Command</c>.</param>
    /// <param name="name">A name that no other resource of this type and parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : base(type, name, custom: true, args ?? ResourceArgs.Empty, options ?? new CustomResourceOptions(), remote: false)
    {
    }

    private protected CustomResource(string type, string name)
        : base(type, name)
    {
    }

    /// <summary>The id that the provider gave it; unknown in a preview until it is created.</summary>
    [Output("id")]
    public Output<string> Id { get; private protected set; } = null!;
}
