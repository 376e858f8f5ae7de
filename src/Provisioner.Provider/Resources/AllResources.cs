using System.Security.Cryptography;
using Provisioner.Provider.Hosting;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Device;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Resources.FirstBoot;
using Provisioner.Provider.Resources.HostIdentity;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.SdCard;
using Provisioner.Provider.Resources.SdImage;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Resources.ZfsDataset;
using Provisioner.Provider.Resources.ZfsPool;
using Provisioner.Provider.Resources.ZfsSnapshot;

namespace Provisioner.Provider.Resources;

/// <summary>Every resource of this provider.</summary>
internal static class AllResources
{
    /// <summary>The package <c>provisioner</c>.</summary>
    public static ProviderPackage Package(params IReadOnlyList<IResourceHandler> handlers) =>
        ProviderPackage.Of("provisioner", PluginHost.Version, ProviderConfig.Rules, config => config.ToOptions(), handlers.Count == 0 ? Create() : handlers) with
        {
            Functions = [new ReadCardFunction()],
        };

    /// <summary>One handler for each, sharing what they share.</summary>
    public static IReadOnlyList<IResourceHandler> Create()
    {
        var reading = new DeviceInspection(RandomNumberGenerator.Fill);
        var inspection = new SharedInspection<DeviceFacts>(reading.ReadAsync);
        return
        [
            new HostIdentityHandler(RandomNumberGenerator.Fill),
            new SdCardHandler(inspection, reading.ReadAsync, RandomNumberGenerator.Fill),
            new DeviceHandler(inspection),
            new SdImageHandler(),
            new WifiProfileHandler(inspection),
            new DiskHandler(inspection),
            new NixosSystemHandler(inspection),
            new FirstBootHandler(inspection, reading.ReadAsync),
            new ZfsPoolHandler(inspection),
            new ZfsDatasetHandler(inspection),
            new ZfsSnapshotHandler(inspection),
        ];
    }
}
