using Provisioner;
using Pulumi;

/// <summary>A Raspberry Pi glued to a lamp: who it is, where it answers, the WiFi that it keeps, and the SSD that it will live on.</summary>
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

        if (config.Get("ssdSerial") is { Length: > 0 } serial)
        {
            pi.Ssd = new HeadlessPiSsd { ById = config.Require("ssdId"), Serial = serial };
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
}
