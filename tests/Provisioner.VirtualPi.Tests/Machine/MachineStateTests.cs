using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Machine;

public sealed class MachineStateTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        var state = State() with
        {
            HostKey = "ssh-ed25519 AAAA",
            Acceleration = PiAcceleration.Kvm,
            SwitchedOnAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Owner = new ProcessMark(7, 8),
        };
        state.Write(folder.File("state"));

        (MachineState.Read(folder.File("state")) with { Disks = state.Disks }).ShouldBe(state);
        MachineState.Read(folder.File("state")).Disks.ShouldBe([DiskState.Of(PiDisk.Default, plugged: true)]);
    }

    [Fact]
    public void Only_its_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();
        State().Write(folder.File("state"));

        File.GetUnixFileMode(folder.File("state")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder.Path).ShouldBe([folder.File("state")]);
    }

    [Fact]
    public void A_damaged_file_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("state"), """{"version": 1, "name": """);

        Should.Throw<PiException>(() => MachineState.Read(folder.File("state"))).Message.ShouldContain(folder.File("state"));
    }

    private static MachineState State() => new()
    {
        Name = "pi", CardKey = "00", BoardSerial = "10000000abcdef01", WifiPort = 2222, ServicePort = 2223, Disks = [DiskState.Of(PiDisk.Default, plugged: true)],
    };
}
