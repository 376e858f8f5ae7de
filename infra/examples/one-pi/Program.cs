using Provisioner;
using Pulumi;

// One Pi: who it is, where it answers, and the WiFi that it keeps.
return await Deployment.RunAsync(() =>
{
    var config = new Config();
    var lamp = new HeadlessPi("lamp", new HeadlessPiArgs
    {
        Hostname = "lamp",
        Address = config.Require("address"),
        Wifi = new HeadlessPiWifi { Ssid = config.Require("wifiName"), Password = config.RequireSecret("wifiPassword") },
    });
    return new Dictionary<string, object?> { ["address"] = lamp.Address, ["fingerprint"] = lamp.Fingerprint };
});
