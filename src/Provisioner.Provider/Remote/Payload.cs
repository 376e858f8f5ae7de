using System.Collections.Immutable;
using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>What a script reads from stdin: the only way by which a secret reaches a device.</summary>
internal sealed record Payload
{
    private readonly Func<Stream> _open;

    private Payload(long length, bool isSecret, Func<Stream> open)
    {
        Length = length;
        IsSecret = isSecret;
        _open = open;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Never shown.</summary>
    public bool IsSecret { get; }

    /// <summary>Texts that must be removed from whatever the device answers.</summary>
    public ImmutableArray<string> Secrets { get; private init; } = [];

    /// <summary>Text that anybody may see.</summary>
    public static Payload Plain(string content) => Of(Encoding.UTF8.GetBytes(content));

    /// <summary>Bytes that anybody may see.</summary>
    public static Payload Of(byte[] content) => new(content.Length, isSecret: false, () => new MemoryStream(content, writable: false));

    /// <summary>Text that nobody may see.</summary>
    /// <param name="content">All of it.</param>
    /// <param name="secrets">The secret values in it, such as a derived key; none means: each line of it.</param>
    public static Payload Secret(string content, params ImmutableArray<string> secrets)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return new Payload(bytes.Length, isSecret: true, () => new MemoryStream(bytes, writable: false))
        {
            Secrets = secrets.IsDefaultOrEmpty ? [content] : secrets,
        };
    }

    /// <summary>Much data, from a stream that is opened for each run.</summary>
    public static Payload Streamed(long length, Func<Stream> open) => new(length, isSecret: false, open);

    /// <summary>Its bytes, from the start.</summary>
    public Stream Open() => _open();

    /// <summary>What kind and how much, never what; no length of a secret.</summary>
    public override string ToString() => IsSecret ? "[secret]" : $"[{Length} bytes]";
}
