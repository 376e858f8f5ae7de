namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>Tests that take loop devices away and give them back run one behind the other: another one would be given the number meanwhile.</summary>
internal static class LoopDevices
{
    public const string Collection = "loop devices";
}
