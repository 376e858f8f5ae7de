using Provisioner;
using Pulumi;

// Three of a kind: what differs between them is a name and the serial number of an SSD.
return await Deployment.RunAsync(() =>
{
    var config = new Config();
    var fingerprints = new Dictionary<string, object?>();
    foreach (var (name, serial) in new[] { ("lamp", "1234567A666E"), ("door", "1234567A667F"), ("garden", "1234567A6680") })
    {
        var pi = new HeadlessPi(name, new HeadlessPiArgs
        {
            Hostname = name,
            Address = $"root@{name}.{config.Require("domain")}",
            Wifi = new HeadlessPiWifi { Ssid = config.Require("wifiName"), Password = config.RequireSecret("wifiPassword") },
            Ssd = new HeadlessPiSsd { ById = $"usb-Samsung_Portable_SSD_T5_{serial}-0:0", Serial = serial },

            // All of them have a dataset for pictures, beside the usual ones.
            Datasets = { ["media"] = new() { ["recordsize"] = "1M", ["mountpoint"] = "legacy" } },

            // What a preview says would be lost on an SSD is lost only with its token in here: by serial number.
            Consent = config.GetObject<Dictionary<string, string>>("consent") ?? [],
        });
        fingerprints[name] = pi.Fingerprint;
    }

    return fingerprints;
});
