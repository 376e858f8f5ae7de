using System.Globalization;
using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Machine;

public sealed class QemuProcessTests
{
    [Fact]
    public void Without_a_pid_file_the_machine_is_off()
    {
        using var folder = new TemporaryFolder();

        new QemuProcess(new MachineFolder(folder.Path), TimeProvider.System).Id.ShouldBeNull();
    }

    [Fact]
    public void The_pid_of_a_process_that_is_not_its_QEMU_counts_for_nothing()
    {
        using var folder = new TemporaryFolder();
        var machine = new MachineFolder(folder.Path);
        File.WriteAllText(machine.PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

        new QemuProcess(machine, TimeProvider.System).Id.ShouldBeNull();
    }

    [Fact]
    public async Task A_QEMU_that_refuses_its_arguments_is_an_error_with_its_own_words()
    {
        using var folder = new TemporaryFolder();
        var qemu = new QemuProcess(new MachineFolder(folder.Path), TimeProvider.System);

        var error = await Should.ThrowAsync<PiException>(() => qemu.StartAsync(["-machine", "lamp"], TestContext.Current.CancellationToken));

        error.Message.ShouldContain("unsupported machine type");
        error.Message.ShouldContain(folder.File("qemu.log"));
    }

    [Fact]
    public void A_process_is_told_from_a_later_one_of_the_same_number()
    {
        ProcessMark.Current.IsAlive.ShouldBeTrue();
        (ProcessMark.Current with { Started = ProcessMark.Current.Started - 1 }).IsAlive.ShouldBeFalse();
    }
}
