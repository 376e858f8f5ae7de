using Provisioner;
using Pulumi;

// An existing Pi with Raspberry Pi OS or NixOS: nothing of it is touched but the one WiFi profile.
return await Deployment.RunAsync(() =>
{
    var config = new Config();
    var pi = new Device("pi", new DeviceArgs { Address = config.Require("address"), HostKey = config.Require("hostKey") });
    var wifi = new WifiProfile("home", new WifiProfileArgs
    {
        Device = pi.Address,
        Ssid = config.Require("wifiName"),
        Password = config.RequireSecret("wifiPassword"),
    });
    return new Dictionary<string, object?> { ["connectedThrough"] = wifi.ConnectedThrough };
});
