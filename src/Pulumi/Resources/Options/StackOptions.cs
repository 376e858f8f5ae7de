namespace Pulumi;

/// <summary>How a whole stack is treated.</summary>
public class StackOptions
{
    /// <summary>Changes inputs and options of every resource of the stack, after the resources' own transformations and their parents'.</summary>
    public List<ResourceTransformation> ResourceTransformations
    {
        get => field ??= [];
        set;
    }
}
