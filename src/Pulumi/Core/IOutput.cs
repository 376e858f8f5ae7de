namespace Pulumi;

/// <summary>An output whose type is known at run time only.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();
}

/// <summary>An input whose type is known at run time only.</summary>
internal interface IInput
{
    /// <summary>
    /// The value with its inner structure kept: a list of inputs stays one, so that one unknown or secret element
    /// does not make the whole list unknown or secret.
    /// </summary>
    IOutput ToStructuredOutput();

    /// <summary>The plain value, with lists and maps of inputs resolved.</summary>
    IOutput ToOutput();
}
