using System.Diagnostics.CodeAnalysis;

namespace Pulumi.Wire.Rpc;

/// <summary>A request to a provider about one resource, which it names in three ways.</summary>
public interface IResourceRequest
{
    /// <summary>The resource's URN.</summary>
    string Urn { get; set; }

    /// <summary>The last part of the URN.</summary>
    string Name { get; set; }

    /// <summary>The type's token, the last one in the URN.</summary>
    [SuppressMessage("Naming", "CA1721:Property names should not match get methods", Justification = "The name is the contract's.")]
    string Type { get; set; }
}

/// <summary>A request about a resource that exists.</summary>
public interface IExistingResourceRequest : IResourceRequest
{
    /// <summary>The provider's own name of it.</summary>
    string Id { get; set; }
}

public sealed partial class CheckRequest : IResourceRequest;

public sealed partial class CreateRequest : IResourceRequest;

public sealed partial class ConfigureRequest : IExistingResourceRequest;

public sealed partial class DiffRequest : IExistingResourceRequest;

public sealed partial class ReadRequest : IExistingResourceRequest;

public sealed partial class UpdateRequest : IExistingResourceRequest;

public sealed partial class DeleteRequest : IExistingResourceRequest;
