using Provisioner.Provider.Errors;

namespace Provisioner.CommandProvider.Commands;

/// <summary>The ids of things that have none of their own.</summary>
internal static class ResourceId
{
    /// <summary>A name and 16 random hexadecimal digits.</summary>
    public static string New(string name, Action<Span<byte>> random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random(bytes);
        return name + Convert.ToHexStringLower(bytes);
    }

    /// <summary>There is nothing that such an id would find.</summary>
    public static InputInvalidException NotImported(string kind, string id) => new($"{kind} cannot be imported")
    {
        Where = id,
        Why = "what a command did cannot be read back",
        Next = "write it into the program and run up",
    };
}
