using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Files;

public sealed class PrivateFilesTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public void Every_folder_on_the_way_is_the_owners_alone()
    {
        using var folder = new TemporaryFolder();
        PrivateFiles.MakeFolder(folder.File("a/b/c"));

        foreach (var made in (string[])["a", "a/b", "a/b/c"])
        {
            File.GetUnixFileMode(folder.File(made)).ShouldBe(OwnerOnly, made);
        }
    }

    [Fact]
    public void The_tail_of_a_log_is_its_last_lines_without_control_characters()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("log"), "one\r\n\u001b[31mtwo\u001b[0m\n\nthree\n");

        PrivateFiles.Tail(folder.File("log"), lines: 2).ShouldBe("[31mtwo[0m\nthree");
        PrivateFiles.Tail(folder.File("absent")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_that_is_held_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        var held = await FileLock.TakeAsync(folder.File("lock"), TimeProvider.System, TestContext.Current.CancellationToken);
        var waiting = FileLock.TakeAsync(folder.File("lock"), TimeProvider.System, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        held.Dispose();

        (await waiting).Dispose();
    }
}
