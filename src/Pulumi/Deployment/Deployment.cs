using System.Reflection;
using Pulumi.Runtime;

namespace Pulumi;

/// <summary>Runs a program's resources. Each RunAsync answers the exit code that Main should return.</summary>
public sealed partial class Deployment
{
    private Deployment()
    {
    }

    /// <summary>The deployment that is running.</summary>
    /// <exception cref="InvalidOperationException">None is running here.</exception>
    public static DeploymentInstance Instance => ProgramRun.Required.Instance;

    /// <summary>Runs a function that makes resources.</summary>
    public static Task<int> RunAsync(Action action) => RunAsync(() =>
    {
        action();
        return NoOutputs();
    });

    /// <summary>Runs a function that makes resources and gives the stack's outputs by name.</summary>
    public static Task<int> RunAsync(Func<IDictionary<string, object?>> func) => RunAsync(() => Task.FromResult(func()));

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync(Func<Task> func) => RunAsync(async () =>
    {
        await func().ConfigureAwait(false);
        return await NoOutputs().ConfigureAwait(false);
    });

    /// <inheritdoc cref="RunAsync(Func{IDictionary{string, object?}})"/>
    /// <param name="func">What makes resources and outputs.</param>
    /// <param name="options">How the stack is treated.</param>
    public static Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> func, StackOptions? options = null) => StartAsync(() => new Stack(func, options));

    /// <summary>Runs a stack class: its constructor makes the resources, its [Output] properties are the stack's outputs.</summary>
    public static Task<int> RunAsync<TStack>()
        where TStack : Stack, new() =>
        StartAsync(MakeStack<TStack>);

    /// <summary>Runs a stack class that a service provider makes.</summary>
    public static Task<int> RunAsync<TStack>(IServiceProvider serviceProvider)
        where TStack : Stack
    {
        ArgumentNullException.ThrowIfNull(serviceProvider);
        return StartAsync(() => MakeStack<TStack>(serviceProvider));
    }

    private static Stack MakeStack<TStack>()
        where TStack : Stack, new() =>
        WithOutputs((TStack)Activator.CreateInstance(
            typeof(TStack), BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions, binder: null, args: null, culture: null)!);

    private static Stack MakeStack<TStack>(IServiceProvider serviceProvider)
        where TStack : Stack =>
        WithOutputs(serviceProvider.GetService(typeof(TStack)) as TStack ?? throw new RunException(
            $"The service provider does not make the stack {typeof(TStack).Name}. Add it to the services as a transient."));

    private static Stack WithOutputs(Stack stack)
    {
        stack.RegisterPropertyOutputs();
        return stack;
    }

    private static Task<IDictionary<string, object?>> NoOutputs() => Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?>());

    private static async Task<int> StartAsync(Func<Stack> makeStack)
    {
        int code;
        try
        {
            var settings = ProgramSettings.FromEnvironment(Environment.GetEnvironmentVariable);
            code = await ProgramRun.RunAsync(settings, makeStack, Console.Error).ConfigureAwait(false);
        }
        catch (RunException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            code = FailureReport.Failed;
        }

        // For programs whose Main does not return it: a failed run that exits with 0 would have the engine delete what it did not register.
        if (code != FailureReport.Succeeded)
        {
            Environment.ExitCode = code;
        }

        return code;
    }
}
