using CliWrap;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.State;

namespace Provisioner.Engine.Tests.Hostile;

/// <summary>A disk is full: what was there stays, and nothing is left of what found no room.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_part_of_a_replacement_fails_nothing_is_left_of_it(bool isLazy)
    {
        foreach (var fails in (string[])["write", "rename"])
        {
            using var folder = new TemporaryFolder();
            var path = folder.File("state.json");
            File.WriteAllText(path, "old");
            var files = new FullFiles(fails);

            Should.Throw<IOException>(() =>
            {
                if (isLazy)
                {
                    AtomicFile.ReplaceLazily(files, path, "new"u8);
                }
                else
                {
                    AtomicFile.Replace(files, path, "new"u8, AtomicFile.Private);
                }
            });

            Directory.GetFiles(folder.Path).ShouldBe([path]);
            File.ReadAllText(path).ShouldBe("old");
        }
    }

    [Fact]
    public async Task An_update_on_a_disk_that_fills_up_leaves_the_state_and_no_other_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "only root may mount");
        using var folder = new TemporaryFolder();
        await MountAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.Path);
        try
        {
            var secrets = new FakeSecrets();
            Backend.Hosts.Backend(folder.Path).Create("dev");
            await SaveAsync(folder.Path, secrets, 3);
            var before = Files(folder.Path);
            File.WriteAllBytes(folder.File("filler"), new byte[Room(folder.Path)]);

            await Should.ThrowAsync<IOException>(() => SaveAsync(folder.Path, secrets, 200));

            File.Delete(folder.File("filler"));
            Files(folder.Path).Except(before).ShouldBeEmpty();
            (await Backend.Hosts.Backend(folder.Path).LoadAsync("dev", secrets, CancellationToken.None)).Resources.Length.ShouldBe(5);
        }
        finally
        {
            await MountAsync("umount", folder.Path);
        }
    }

    private static async Task SaveAsync(string folder, FakeSecrets secrets, int resources)
    {
        using var update = await Backend.Hosts.Backend(folder).BeginUpdateAsync("dev", secrets, secrets, CancellationToken.None);
        await update.SaveAsync(Snapshots.Large(resources), CancellationToken.None);
        update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int>(), System.Collections.Immutable.ImmutableSortedDictionary<ConfigKey, StackValue>.Empty);
    }

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal)];

    /// <summary>All but one page, so that a lock still finds a place and the state does not.</summary>
    private static long Room(string folder) => new DriveInfo(folder).AvailableFreeSpace - (2 * 4096);

    private static Task MountAsync(string command, params string[] arguments) => CliWrap.Cli.Wrap(command).WithArguments(arguments).ExecuteAsync(TestContext.Current.CancellationToken);

    /// <summary>A double of a full disk, for who is not root: a write leaves an empty file, as the kernel does.</summary>
    private sealed class FullFiles(string fails) : IFileOperations
    {
        public void CreateDirectory(string path) => FileOperations.Instance.CreateDirectory(path);

        public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable)
        {
            FileOperations.Instance.Write(path, fails == "write" ? [] : content, mode, durable);
            Fail("write");
        }

        public void Rename(string from, string to)
        {
            Fail("rename");
            FileOperations.Instance.Rename(from, to);
        }

        public void SyncDirectory(string path) => FileOperations.Instance.SyncDirectory(path);

        public void Delete(string path) => FileOperations.Instance.Delete(path);

        private void Fail(string operation)
        {
            if (operation == fails)
            {
                throw new IOException("No space left on device");
            }
        }
    }
}
