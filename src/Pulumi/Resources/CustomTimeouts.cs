using System.Globalization;

namespace Pulumi;

/// <summary>How long a provider's operations on a resource may take; the provider's own limits when left out.</summary>
public sealed class CustomTimeouts
{
    public TimeSpan? Create { get; set; }

    public TimeSpan? Update { get; set; }

    public TimeSpan? Delete { get; set; }

    internal CustomTimeouts Clone() => new() { Create = Create, Update = Update, Delete = Delete };

    internal Wire.Rpc.RegisterResourceRequest.Types.CustomTimeouts ToWire() =>
        new() { Create = Text(Create), Update = Text(Update), Delete = Text(Delete) };

    /// <summary>A duration as Go reads it. A tick is 100 ns.</summary>
    private static string Text(TimeSpan? time) =>
        time is { } span ? string.Create(CultureInfo.InvariantCulture, $"{(Int128)span.Ticks * 100}ns") : string.Empty;
}
