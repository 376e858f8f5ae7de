namespace Pulumi;

/// <summary>A resource of which only the URN is known, and its id if it came along.</summary>
internal sealed class DependencyResource : CustomResource
{
    public DependencyResource(string urn, string? id = null)
        : base(string.Empty, string.Empty)
    {
        Urn = new Output<string>(Task.FromResult(new OutputData<string>(urn, isKnown: true, isSecret: false, [this])));
        Id = new Output<string>(Task.FromResult(string.IsNullOrEmpty(id)
            ? OutputData<string>.Unknown(isSecret: false, [this])
            : new OutputData<string>(id, isKnown: true, isSecret: false, [this])));
    }
}
