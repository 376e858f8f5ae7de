using System.Collections.Immutable;

namespace Pulumi.Tests;

internal sealed class LampArgs : ResourceArgs
{
    [Input("color", required: true)]
    public Input<string> Color { get; set; } = null!;

    [Input("brightness")]
    public Input<int>? Brightness { get; set; }

    [Input("tags")]
    private InputMap<string>? _tags;

    public InputMap<string> Tags
    {
        get => _tags ??= [];
        set => _tags = value;
    }

    [Input("wires")]
    public InputList<string>? Wires { get; set; }

    [Input("bulb")]
    public Input<BulbArgs>? Bulb { get; set; }

    [Input("settings", json: true)]
    public InputMap<object>? Settings { get; set; }

    [Input("lamp")]
    public Input<Resource>? Other { get; set; }

    [Input("anything")]
    public object? Anything { get; set; }
}

internal sealed class BulbArgs : ResourceArgs
{
    [Input("watts")]
    public Input<double>? Watts { get; set; }

    [Input("socket")]
    public Input<Socket>? Socket { get; set; }
}

[EnumType]
internal readonly struct Socket : IEquatable<Socket>
{
    private readonly string _value;

    private Socket(string value) => _value = value;

    public static Socket E27 { get; } = new("E27");

    public static explicit operator string(Socket value) => value._value;

    public static bool operator ==(Socket left, Socket right) => left.Equals(right);

    public static bool operator !=(Socket left, Socket right) => !left.Equals(right);

    public bool Equals(Socket other) => _value == other._value;

    public override bool Equals(object? obj) => obj is Socket other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _value;
}

[OutputType]
internal sealed class Bulb
{
    public readonly double Watts;
    public readonly Socket Socket;
    public readonly ImmutableArray<string> Makers;

    [OutputConstructor]
    private Bulb(double watts, Socket socket, [OutputConstructorParameter("makers")] ImmutableArray<string> producers)
    {
        Watts = watts;
        Socket = socket;
        Makers = producers;
    }
}

[ResourceType("home:index:Lamp", "1.0.0")]
internal sealed class Lamp(string name, LampArgs args, CustomResourceOptions? options = null)
    : CustomResource("home:index:Lamp", name, args, options)
{
    [Output("color")]
    public Output<string> Color { get; private set; } = null!;

    [Output("brightness")]
    public Output<int?> Brightness { get; private set; } = null!;

    [Output("bulb")]
    public Output<Bulb?> Bulb { get; private set; } = null!;

    [Output("wires")]
    public Output<ImmutableArray<string>> Wires { get; private set; } = null!;

    [Output("tags")]
    public Output<ImmutableDictionary<string, string>?> Tags { get; private set; } = null!;

    [Output("serial")]
    public Output<string?> Serial { get; private set; } = null!;
}

/// <summary>A room with two lamps.</summary>
internal sealed class Room : ComponentResource
{
    public Room(string name, ComponentResourceOptions? options = null)
        : base("home:index:Room", name, options)
    {
        First = new Lamp($"{name}-first", new LampArgs { Color = "red" }, new CustomResourceOptions { Parent = this });
        Second = new Lamp($"{name}-second", new LampArgs { Color = "green" }, new CustomResourceOptions { Parent = this });
        Colors = Output.All(First.Color, Second.Color);
        RegisterOutputs();
    }

    public Lamp First { get; }

    public Lamp Second { get; }

    [Output("colors")]
    public Output<ImmutableArray<string>> Colors { get; private set; }
}
