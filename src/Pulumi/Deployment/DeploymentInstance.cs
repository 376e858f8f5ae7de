using Pulumi.Runtime;

namespace Pulumi;

/// <summary>The deployment that is running.</summary>
public sealed class DeploymentInstance
{
    private readonly ProgramRun _run;

    internal DeploymentInstance(ProgramRun run) => _run = run;

    /// <summary>The stack's name, without project and organization.</summary>
    public string StackName => _run.Settings.Stack;

    /// <summary>The project's name.</summary>
    public string ProjectName => _run.Settings.Project;

    /// <summary>The organization's name; <c>organization</c> where there are none.</summary>
    public string OrganizationName => _run.Settings.Organization;

    /// <summary>The folder of Pulumi.yaml.</summary>
    /// <exception cref="InvalidOperationException">The engine does not tell.</exception>
    public string RootDirectory => _run.Settings.RootDirectory
        ?? throw new InvalidOperationException("The engine does not tell the root directory (PULUMI_ROOT_DIRECTORY). Use a newer one.");

    /// <summary>Whether this is a preview.</summary>
    public bool IsDryRun => _run.Settings.IsDryRun;

    /// <summary>
    /// Calls a provider's function when its inputs are known. In a preview in which they are not, or in which a resource that
    /// they come from does not exist yet, the answer is unknown.
    /// </summary>
    /// <param name="token">The function's token, such as <c>command:local:run</c>.</param>
    /// <param name="args">Its inputs.</param>
    /// <param name="options">How it is called.</param>
    /// <typeparam name="T">The answer's type, a class with [OutputType].</typeparam>
    public Output<T> Invoke<T>(string token, InvokeArgs args, InvokeOptions? options = null) => _run.Invoker.Invoke<T>(token, args, options);

    /// <inheritdoc cref="Invoke{T}(string, InvokeArgs, InvokeOptions)"/>
    public Output<T> Invoke<T>(string token, InvokeArgs args, InvokeOutputOptions options) => _run.Invoker.Invoke<T>(token, args, options);

    /// <summary>Calls a provider's function at once.</summary>
    /// <inheritdoc cref="Invoke{T}(string, InvokeArgs, InvokeOptions)"/>
    public Task<T> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options = null) => _run.Invoker.InvokeAsync<T>(token, args, options);

    /// <inheritdoc cref="InvokeAsync{T}"/>
    public Task InvokeAsync(string token, InvokeArgs args, InvokeOptions? options = null) => _run.Invoker.InvokeAsync<object>(token, args, options);
}
