using Provisioner;
using Pulumi;

// The device "local:" is this machine: the same resources prepare a disk that is plugged in here. It needs root and sgdisk, and ZFS for the pool.
return await Deployment.RunAsync(() =>
{
    var config = new Config();

    // What a preview says would be lost on the disk is lost only with its token in here: by serial number.
    var consent = config.GetObject<Dictionary<string, string>>("consent") ?? [];
    var ssd = new Disk("ssd", new DiskArgs
    {
        Device = "local:",
        ById = config.Require("ssdId"),
        Serial = config.Require("ssdSerial"),
        Consent = consent,
    });
    if (config.RequireBoolean("pool"))
    {
        var pool = new ZfsPool("ssd", new ZfsPoolArgs { Device = "local:", Name = "zroot", Devices = { ssd.PoolPartition }, Consent = consent });
        string[] datasets = ["root", "nix", "var", "home"];
        foreach (var name in datasets)
        {
            _ = new ZfsDataset(name, new ZfsDatasetArgs
            {
                Device = "local:",
                Pool = pool.Name,
                PoolGuid = pool.Guid,
                Name = name,
                Properties = new() { ["mountpoint"] = "legacy", ["compression"] = "zstd" },
                Consent = consent,
            });
        }
    }

    return new Dictionary<string, object?> { ["poolPartition"] = ssd.PoolPartition };
});
