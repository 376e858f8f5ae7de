using System.Text.Json;
using System.Text.Json.Serialization;
using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Machine;

/// <summary>What is known of a machine between two commands. No secret is in it.</summary>
internal sealed record MachineState
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public int Version { get; init; } = 1;

    public required string Name { get; init; }

    /// <summary>The card image whose overlay the machine's card is.</summary>
    public required string CardKey { get; init; }

    public required string BoardSerial { get; init; }

    public required int WifiPort { get; init; }

    public required int ServicePort { get; init; }

    public string HostName { get; init; } = PiIdentity.DefaultHostName;

    /// <summary>As last written onto the card or told by the machine; null until its first start.</summary>
    public string? HostKey { get; init; }

    public PiAcceleration? Acceleration { get; init; }

    public DateTimeOffset? SwitchedOnAt { get; init; }

    /// <summary>A throw-away machine of this process; it goes when the process is gone.</summary>
    public ProcessMark? Owner { get; init; }

    public IReadOnlyList<DiskState> Disks { get; init; } = [];

    public static MachineState Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<MachineState>(File.ReadAllBytes(path), Format)
                ?? throw new PiException($"{path} is empty.");
        }
        catch (JsonException exception)
        {
            throw new PiException($"{path} cannot be read: {exception.Message} Delete the machine's folder to begin anew.", exception);
        }
    }

    public void Write(string path) => PrivateFiles.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Format));
}

/// <summary>A disk of a machine.</summary>
internal sealed record DiskState(string Serial, string Vendor, string Product, long Bytes, bool Plugged)
{
    public static DiskState Of(PiDisk disk, bool plugged) => new(disk.Serial, disk.Vendor, disk.Product, disk.Bytes, plugged);

    public PiDisk ToDisk() => new(Serial) { Vendor = Vendor, Product = Product, Bytes = Bytes };
}
