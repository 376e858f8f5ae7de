using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Zfs.Mounts;

/// <summary>Asks a device what lies where a change mounts something; where it mounts nothing, nothing is asked.</summary>
internal static class MountLooker
{
    public static async Task<ZfsMounting> LookAsync(ZfsMounting mounting, IRemote remote, CancellationToken cancellation)
    {
        if (mounting.IsNothing)
        {
            return mounting;
        }

        mounting = mounting with { Login = remote.Address.Login };
        ImmutableArray<string> places = [.. mounting.Places, .. mounting.Leaves.Values.Except(mounting.Places)];
        var answer = await remote.RunAsync(Script.Looking(PlaceLook.At(places, mounting.Login)), cancellation);
        return PlaceLook.Read(mounting, answer.Text);
    }
}
