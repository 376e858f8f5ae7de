namespace Pulumi.Testing;

/// <summary>What stands in for engine and providers in a unit test of a stack.</summary>
public interface IMocks
{
    /// <summary>A resource is made, or read by its id.</summary>
    /// <returns>Its id, which components have none of, and its outputs: a dictionary, or a class with [OutputType].</returns>
    Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args);

    /// <summary>A provider's function is called.</summary>
    /// <returns>Its answer: a dictionary, or a class with [OutputType].</returns>
    Task<object> CallAsync(MockCallArgs args);

    /// <summary>A component, or the stack, gives its outputs.</summary>
    Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args) => Task.CompletedTask;
}
