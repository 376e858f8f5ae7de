using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>A function that programs and tools call, as the host drives it; it changes nothing.</summary>
internal interface IFunctionHandler
{
    /// <summary>The last part of the token, such as <c>readCard</c>.</summary>
    string Name { get; }

    /// <summary>The middle part of the token.</summary>
    string Module => "index";

    Type ArgsType { get; }

    Type ResultType { get; }

    Task<PropertyMap> InvokeAsync(PropertyMap arguments, IOperationContext context, CancellationToken cancellation);
}

/// <summary>A function over two records.</summary>
/// <typeparam name="TArgs">What it is given.</typeparam>
/// <typeparam name="TResult">What it answers.</typeparam>
internal abstract class FunctionHandler<TArgs, TResult> : IFunctionHandler
    where TArgs : class
    where TResult : class
{
    /// <summary>The class name without "Function", in camel case.</summary>
    public string Name => WireNames.Camel(GetType().Name.Replace("Function", string.Empty, StringComparison.Ordinal));

    public Type ArgsType => typeof(TArgs);

    public Type ResultType => typeof(TResult);

    public async Task<PropertyMap> InvokeAsync(PropertyMap arguments, IOperationContext context, CancellationToken cancellation)
    {
        var decoded = RecordDecoder.Decode<TArgs>(arguments);
        return decoded.IsComplete
            ? RecordEncoder.Encode(await InvokeAsync(decoded.Value, context, cancellation))
            : throw new InputInvalidException($"{Name} has arguments that do not fit", decoded.Failures);
    }

    /// <summary>The answer.</summary>
    protected abstract Task<TResult> InvokeAsync(TArgs arguments, IOperationContext context, CancellationToken cancellation);
}
