namespace Pulumi;

/// <summary>What a resource was called before. What is left out is as it is now.</summary>
public sealed class Alias
{
    /// <summary>The whole URN; then nothing else may be set.</summary>
    public string? Urn { get; set; }

    public Input<string>? Name { get; set; }

    public Input<string>? Type { get; set; }

    public Input<string>? Stack { get; set; }

    public Input<string>? Project { get; set; }

    /// <summary>The former parent. At most one of this, <see cref="ParentUrn"/> and <see cref="NoParent"/> may be set.</summary>
    public Resource? Parent { get; set; }

    /// <summary>The former parent's URN.</summary>
    public Input<string>? ParentUrn { get; set; }

    /// <summary>Whether it had no parent but the stack.</summary>
    public bool NoParent { get; set; }

    internal async Task<Wire.Rpc.Alias> ToWireAsync()
    {
        if (Urn is not null)
        {
            return Name is null && Type is null && Stack is null && Project is null && Parent is null && ParentUrn is null && !NoParent
                ? new Wire.Rpc.Alias { Urn = Urn }
                : throw new ArgumentException("An Alias with a Urn may not set anything else.");
        }

        if ((Parent is null ? 0 : 1) + (ParentUrn is null ? 0 : 1) + (NoParent ? 1 : 0) > 1)
        {
            throw new ArgumentException("An Alias may set only one of Parent, ParentUrn and NoParent.");
        }

        var spec = new Wire.Rpc.Alias.Types.Spec
        {
            Name = await TextAsync(Name).ConfigureAwait(false),
            Type = await TextAsync(Type).ConfigureAwait(false),
            Stack = await TextAsync(Stack).ConfigureAwait(false),
            Project = await TextAsync(Project).ConfigureAwait(false),
        };
        if (NoParent)
        {
            spec.NoParent = true;
        }
        else if (await TextAsync(Parent is null ? ParentUrn : Parent.Urn).ConfigureAwait(false) is { Length: > 0 } parent)
        {
            spec.ParentUrn = parent;
        }

        return new Wire.Rpc.Alias { Spec = spec };
    }

    private static Task<string> TextAsync(Input<string>? input) =>
        input is null ? Task.FromResult(string.Empty) : input.ToOutput().GetValueAsync(whenUnknown: string.Empty);
}
