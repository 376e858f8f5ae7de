using System.Collections.Immutable;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Files;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;
using Provisioner.Engine.Tests.State;

namespace Provisioner.Engine.Tests.Backend;

/// <summary>The process dies before, or in the middle of, each change to a file; what is left must be a state that loads, old or new.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task A_crash_between_any_two_file_operations_leaves_a_whole_state_that_the_next_update_goes_on_from()
    {
        var secrets = new FakeSecrets();
        for (var survived = 0; ; survived++)
        {
            using var folder = new TemporaryFolder();
            Hosts.Backend(folder.Path).Create("dev");
            await SaveAsync(Hosts.Backend(folder.Path), secrets, Snapshots.Large(1));

            var crashing = new CrashingFiles(survived);
            var crashed = false;
            try
            {
                await SaveAsync(Hosts.Backend(folder.Path, crashing), secrets, Snapshots.Large(2), Snapshots.Large(3));
            }
            catch (CrashException)
            {
                crashed = true;
            }

            var after = Hosts.Backend(folder.Path);
            var resources = (await after.LoadAsync("dev", secrets, CancellationToken.None)).Resources.Length - 2;
            resources.ShouldBeOneOf(1, 2, 3);
            if (!crashed)
            {
                resources.ShouldBe(3);
                survived.ShouldBeGreaterThan(10, "the save has more steps than that");
                return;
            }

            // The lock of this living process is still there, as after a kill it would be there of a dead one.
            foreach (var held in Directory.EnumerateFiles(folder.File(".pulumi/locks"), "*.json", SearchOption.AllDirectories))
            {
                File.Delete(held);
            }

            await SaveAsync(after, secrets, Snapshots.Large(4));
            (await after.LoadAsync("dev", secrets, CancellationToken.None)).Resources.Length.ShouldBe(6);
            Directory.EnumerateFiles(folder.File(".pulumi/stacks/lamp")).Select(Path.GetFileName).ShouldBe(["dev.json", "dev.json.bak"], ignoreOrder: true);
        }
    }

    [Fact]
    public void A_crash_while_a_stack_is_made_leaves_no_stack_or_a_whole_one()
    {
        for (var survived = 0; ; survived++)
        {
            using var folder = new TemporaryFolder();
            try
            {
                Hosts.Backend(folder.Path, new CrashingFiles(survived)).Create("dev");
                survived.ShouldBeGreaterThan(5);
                return;
            }
            catch (CrashException)
            {
                Hosts.Backend(folder.Path).List().ShouldAllBe(stack => stack.Problem == null);
            }
        }
    }

    private static async Task SaveAsync(FileBackend backend, FakeSecrets secrets, params Snapshot[] snapshots)
    {
        using var update = await backend.BeginUpdateAsync("dev", secrets, secrets, CancellationToken.None);
        foreach (var snapshot in snapshots)
        {
            await update.SaveAsync(snapshot, CancellationToken.None);
        }

        update.Finish(DeploymentKind.Update, true, new Dictionary<StepOperation, int>(), ImmutableSortedDictionary<ConfigKey, StackValue>.Empty);
    }

    private sealed class CrashException : Exception;

    /// <summary>Dies after some operations: a write in its middle, everything after it not at all.</summary>
    private sealed class CrashingFiles(int survives) : IFileOperations
    {
        private int _done;

        public void CreateDirectory(string path) => Do(() => FileOperations.Instance.CreateDirectory(path));

        public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable)
        {
            if (++_done > survives)
            {
                if (_done == survives + 1)
                {
                    FileOperations.Instance.Write(path, content[..(content.Length / 2)], mode, durable: false);
                }

                throw new CrashException();
            }

            FileOperations.Instance.Write(path, content, mode, durable);
        }

        public void Rename(string from, string to) => Do(() => FileOperations.Instance.Rename(from, to));

        public void SyncDirectory(string path) => Do(() => FileOperations.Instance.SyncDirectory(path));

        public void Delete(string path) => Do(() => FileOperations.Instance.Delete(path));

        private void Do(Action operation)
        {
            if (++_done > survives)
            {
                throw new CrashException();
            }

            operation();
        }
    }
}
