using System.Collections.Immutable;
using Pulumi.Runtime;
using Pulumi.Testing;

namespace Pulumi;

/// <content>Unit tests of stacks: the program runs in the test's process, and mocks stand in for engine and providers. Its configuration is PULUMI_CONFIG.</content>
public sealed partial class Deployment
{
    /// <summary>Runs a stack class with mocks.</summary>
    /// <returns>The resources that it made, the stack among them.</returns>
    /// <exception cref="RunException">The program failed; or, if it failed several times over, an AggregateException of these.</exception>
    public static Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
        where TStack : Stack, new() =>
        MockAsync(mocks, options, MakeStack<TStack>);

    /// <summary>Runs a stack class that a service provider makes with mocks.</summary>
    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions)"/>
    public static Task<ImmutableArray<Resource>> TestWithServiceProviderAsync<TStack>(IMocks mocks, IServiceProvider serviceProvider, TestOptions? options = null)
        where TStack : Stack =>
        MockAsync(mocks, options, () => MakeStack<TStack>(serviceProvider));

    /// <summary>Runs a function with mocks.</summary>
    /// <returns>The resources that it made, and the outputs that it gave.</returns>
    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions)"/>
    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources)
    {
        var outputs = await NoOutputs().ConfigureAwait(false);
        var resources = await MockAsync(testMocks, testOptions, () => new Stack(async () => outputs = await createResources().ConfigureAwait(false))).ConfigureAwait(false);
        return ([.. resources.Where(resource => resource is not Stack)], outputs);
    }

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Func{Task{IDictionary{string, object?}}})"/>
    public static Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources) =>
        TestAsync(testMocks, testOptions, () => Task.FromResult(createResources()));

    /// <summary>Runs a function with mocks.</summary>
    /// <returns>The resources that it made.</returns>
    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions)"/>
    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Func<Task> createResources)
    {
        var (resources, _) = await TestAsync(testMocks, testOptions, async () =>
        {
            await createResources().ConfigureAwait(false);
            return await NoOutputs().ConfigureAwait(false);
        }).ConfigureAwait(false);
        return resources;
    }

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Func{Task})"/>
    public static Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Action createResources) =>
        TestAsync(testMocks, testOptions, () =>
        {
            createResources();
            return Task.CompletedTask;
        });

    private static async Task<ImmutableArray<Resource>> MockAsync(IMocks mocks, TestOptions? options, Func<Stack> makeStack)
    {
        ArgumentNullException.ThrowIfNull(mocks);
        options ??= new TestOptions();
        var engine = new MockEngine(mocks, options);
        var settings = new ProgramSettings(
            string.Empty,
            string.Empty,
            options.ProjectName ?? "project",
            options.StackName ?? "stack",
            options.OrganizationName ?? "organization",
            options.RootDirectory ?? "rootDirectory",
            options.IsPreview ?? true,
            ConfigValues.Parse(Environment.GetEnvironmentVariable("PULUMI_CONFIG"), Environment.GetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS")));
        using var errors = new StringWriter();
        var (code, resources) = await ProgramRun.RunAsync(settings, engine, makeStack, errors).ConfigureAwait(false);
        return (engine.Errors, code) switch
        {
            ([], FailureReport.Succeeded) => resources,
            ([], _) => throw new RunException(errors.ToString()),
            ([var only], _) => throw new RunException(only),
            var (several, _) => throw new AggregateException(several.Select(error => new RunException(error))),
        };
    }
}
