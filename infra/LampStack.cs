using Provisioner;
using Pulumi;

/// <summary>A Raspberry Pi glued to a lamp: who it is, where it answers, and the WiFi that it keeps.</summary>
internal sealed class LampStack : Stack
{
    public LampStack()
    {
        var config = new Config();
        var identity = new HostIdentity("lamp", new HostIdentityArgs { Hostname = config.Require("hostname") });

        // A machine that has a host key of its own already is pinned to that one.
        var device = new Device("lamp", new DeviceArgs
        {
            Address = config.Require("address"),
            HostKey = config.Get("hostKey") is { Length: > 0 } hostKey ? hostKey : identity.Fingerprint,
        });

        var wifi = new WifiProfile("home", new WifiProfileArgs
        {
            Device = device.Address,
            Ssid = config.Require("wifiName"),
            Password = config.RequireSecret("wifiPassword"),
        });

        Address = device.Address;
        Fingerprint = identity.Fingerprint;
        ConnectedThrough = wifi.ConnectedThrough;
    }

    [Output("address")]
    public Output<string> Address { get; set; }

    [Output("fingerprint")]
    public Output<string> Fingerprint { get; set; }

    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; set; }
}
