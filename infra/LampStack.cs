using Provisioner;
using Pulumi;

/// <summary>A Raspberry Pi glued to a lamp: who it is, the card it boots from, where it answers, the WiFi that it keeps, and the SSD that it will live on.</summary>
internal sealed class LampStack : Stack
{
    public LampStack()
    {
        var config = new Config();
        var pi = new HeadlessPiArgs
        {
            Hostname = config.Require("hostname"),
            Address = config.Require("address"),
            Wifi = new HeadlessPiWifi { Ssid = config.Require("wifiName"), Password = config.RequireSecret("wifiPassword") },

            // What a preview says would be lost is lost only with its token in here.
            Consent = config.GetObject<Dictionary<string, string>>("consent") ?? [],
        };

        // A machine that has a host key of its own already is pinned to that one.
        if (config.Get("hostKey") is { Length: > 0 } hostKey)
        {
            pi.HostKey = hostKey;
        }

        if (config.Get("card") is { Length: > 0 } card)
        {
            pi.Card = new HeadlessPiCard { Target = card, AuthorizedKeys = new() { LoginKey(config.Require("loginKey")) }, Image = Image(config) };
        }

        if (config.Get("ssdSerial") is { Length: > 0 } serial)
        {
            pi.Ssd = new HeadlessPiSsd { ById = config.Require("ssdId"), Serial = serial };
        }

        // Another name than the one before is a new installation, which leaves home as it is.
        if (config.Get("installation") is { Length: > 0 } installation)
        {
            pi.Installation = installation;
        }

        if (config.Get("flake") is { Length: > 0 } flake)
        {
            pi.System = new HeadlessPiSystem { Flake = flake, Attribute = config.Get("system") ?? "pi4" };
            pi.Customize.System = system => system.RollbackAfter = config.GetInt32("rollbackAfter") ?? 300;
        }

        var lamp = new HeadlessPi("lamp", pi);
        Address = lamp.Address;
        Fingerprint = lamp.Fingerprint;
        ConnectedThrough = lamp.Wifi!.ConnectedThrough;
    }

    [Output("address")]
    public Output<string> Address { get; set; }

    [Output("fingerprint")]
    public Output<string> Fingerprint { get; set; }

    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; set; }

    /// <summary>The image that is ready, or the flake beside this program.</summary>
    private static SdImageArgs Image(Config config) => config.Get("image") is { Length: > 0 } ready
        ? new SdImageArgs { Builder = SdImageBuilder.Prebuilt, Source = ready, Board = config.GetBoolean("isVirtual") == true ? SdImageBoard.Virtual : SdImageBoard.Pi4 }
        : new SdImageArgs { Flake = "infra/nixos" };

    private static string LoginKey(string path)
    {
        var file = path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
        return File.Exists(file)
            ? File.ReadAllText(file).Trim()
            : throw new RunException($"{path} is not there: set loginKey to the file of the public key that you log in with, or make one with ssh-keygen -t ed25519");
    }
}
