using Provisioner;
using Pulumi;

/// <summary>A Raspberry Pi glued to a lamp: who it is, the card it boots from, where it answers, the WiFi that it keeps, and the SSD that it will live on.</summary>
internal sealed class LampStack : Stack
{
    public LampStack()
    {
        var config = new Config();
        LampConfiguration.Require(config);
        var lamp = new HeadlessPi("lamp", new HeadlessPiArgs
        {
            Hostname = config.Require("hostname"),
            Address = config.Require("address"),
            HostId = Given(config, "hostId"),
            HostKey = Given(config, "hostKey"),
            Wifi = new HeadlessPiWifi { Ssid = config.Require("wifiName"), Password = config.RequireSecret("wifiPassword"), Country = Given(config, "country") },
            Card = Given(config, "card") is { } card
                ? new HeadlessPiCard { Target = card, AuthorizedKeys = new() { LoginKey(config.Require("loginKey")) }, Image = Image(config) }
                : null,
            Ssd = Given(config, "ssdSerial") is { } serial ? new HeadlessPiSsd
            {
                ById = config.Require("ssdId"),
                Serial = serial,
                EspPartitionLabel = Given(config, "espPartitionLabel"),
                PoolPartitionLabel = Given(config, "poolPartitionLabel"),
            } : null,
            Pool = Given(config, "pool") ?? "zroot",
            System = Given(config, "flake") is { } flake ? new HeadlessPiSystem { Flake = flake, Attribute = Given(config, "system"), TimeZone = Given(config, "timeZone"), Builder = Builder(config), BuilderHost = Given(config, "builderHost") } : null,
            Installation = Given(config, "installation"),

            // What a preview says would be lost is lost only with its token in here.
            Consent = config.GetObject<Dictionary<string, string>>("consent") ?? [],
            Customize = { System = system => system.RollbackAfter = config.GetInt32("rollbackAfter") ?? 300 },
        });
        Address = lamp.Address;
        Fingerprint = lamp.Fingerprint;
        ConnectedThrough = lamp.ConnectedThrough;
    }

    [Output("address")]
    public Output<string> Address { get; set; }

    [Output("fingerprint")]
    public Output<string> Fingerprint { get; set; }

    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; set; }

    /// <summary>What the stack's configuration says; null for a part that it leaves out.</summary>
    private static Input<string>? Given(Config config, string key) => config.Get(key) is { Length: > 0 } value ? (Input<string>)value : null;

    /// <summary>The image that is ready, or the flake beside this program.</summary>
    private static SdImageArgs Image(Config config) => Given(config, "image") is { } ready
        ? new SdImageArgs { Builder = SdImageBuilder.Prebuilt, Source = ready, Board = config.GetBoolean("isVirtual") == true ? SdImageBoard.Virtual : SdImageBoard.Pi4 }
        : new SdImageArgs { Flake = "infra/nixos" };

    private static NixosSystemBuilder Builder(Config config) => config.Get("builder") switch
    {
        null or "" or "device" => NixosSystemBuilder.Device,
        "local" => NixosSystemBuilder.Local,
        "container" => NixosSystemBuilder.Container,
        _ => NixosSystemBuilder.Ssh,
    };

    private static string LoginKey(string path) => File.ReadAllText(LampConfiguration.Home(path)).Trim();
}
