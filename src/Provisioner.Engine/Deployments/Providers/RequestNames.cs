using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>Says in a request which resource it is about.</summary>
internal static class RequestNames
{
    /// <summary>One that may not exist yet.</summary>
    public static T About<T>(this T request, string urn)
        where T : IResourceRequest
    {
        var parsed = Urn.Parse(urn);
        (request.Urn, request.Name, request.Type) = (urn, parsed.Name, parsed.Type);
        return request;
    }

    /// <summary>One that exists.</summary>
    public static T About<T>(this T request, ResourceState existing)
        where T : IExistingResourceRequest
    {
        request.Id = existing.Id;
        return request.About(existing.Urn);
    }
}
