using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Building;

public sealed class ArtefactStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_is_built_once_and_then_taken_from_the_cache()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);
        var builds = 0;

        var first = await store.GetAsync("card", "k", Build, Cancellation);
        var second = await store.GetAsync("card", "k", Build, Cancellation);

        builds.ShouldBe(1);
        first.FromCache.ShouldBeFalse();
        second.ShouldBe((first.Folder, true));
        (await File.ReadAllTextAsync(Path.Combine(second.Folder, "content"))).ShouldBe("whole");

        Task Build(string draft)
        {
            builds++;
            return File.WriteAllTextAsync(Path.Combine(draft, "content"), "whole");
        }
    }

    [Fact]
    public async Task A_build_that_fails_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);

        await Should.ThrowAsync<PiException>(() => store.GetAsync("card", "k", FailAsync, Cancellation));

        store.Has("card", "k").ShouldBeFalse();
        Directory.GetFileSystemEntries(folder.File("card")).ShouldBeEmpty();

        static async Task FailAsync(string draft)
        {
            await File.WriteAllTextAsync(Path.Combine(draft, "half"), "half");
            throw new PiException("broken");
        }
    }

    [Fact]
    public async Task What_a_killed_builder_left_is_cleared_away_and_never_taken_for_a_result()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);
        Directory.CreateDirectory(folder.File("card/.draft-1234"));
        await File.WriteAllTextAsync(folder.File("card/.draft-1234/half"), "half");

        await store.GetAsync("card", "k", _ => Task.CompletedTask, Cancellation);

        Directory.GetDirectories(folder.File("card")).ShouldBe([store.PathOf("card", "k")]);
    }

    [Fact]
    public async Task Two_builders_of_one_result_build_it_once()
    {
        using var folder = new TemporaryFolder();
        var started = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        var first = new ArtefactStore(folder.Path, TimeProvider.System).GetAsync("card", "k", BuildAsync, Cancellation);
        await started.Task;
        var second = new ArtefactStore(folder.Path, TimeProvider.System).GetAsync("card", "k", _ => throw new InvalidOperationException("built twice"), Cancellation);

        mayEnd.SetResult();

        (await first).FromCache.ShouldBeFalse();
        (await second).FromCache.ShouldBeTrue();

        async Task BuildAsync(string draft)
        {
            started.SetResult();
            await mayEnd.Task;
        }
    }

    [Fact]
    public async Task Results_that_nobody_used_for_long_are_removed_but_for_the_last_three_and_those_in_use()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);
        await MakeAsync(folder, store, "used", "oldest", "old", "third", "second", "first");

        store.Clean("card", path => path == store.PathOf("card", "used")).ShouldBeTrue();

        Directory.GetDirectories(folder.File("card")).Select(path => Path.GetFileName(path)).Order().ShouldBe(["first", "second", "third", "used"]);
    }

    [Fact]
    public async Task A_result_that_was_just_asked_for_stays_and_counts_as_the_last_used()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);
        await MakeAsync(folder, store, "oldest", "old", "third", "second", "first");
        await store.GetAsync("card", "oldest", _ => throw new InvalidOperationException("built twice"), Cancellation);

        store.Clean("card", _ => false).ShouldBeTrue();

        Directory.GetDirectories(folder.File("card")).Select(path => Path.GetFileName(path)).Order().ShouldBe(["first", "oldest", "second"]);
    }

    [Fact]
    public async Task Nothing_is_removed_while_something_is_built()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtefactStore(folder.Path, TimeProvider.System);
        await MakeAsync(folder, store, "oldest", "old", "third", "second", "first");

        await store.GetAsync(
            "card",
            "new",
            _ =>
            {
                store.Clean("card", _ => false).ShouldBeFalse();
                return Task.CompletedTask;
            },
            Cancellation);

        store.Has("card", "oldest").ShouldBeTrue();
    }

    /// <summary>Results that were used last one, two, three … days ago, the last one named the latest.</summary>
    private static async Task MakeAsync(TemporaryFolder folder, ArtefactStore store, params string[] keys)
    {
        foreach (var (key, index) in keys.Select((key, index) => (key, index)))
        {
            await store.GetAsync("card", key, _ => Task.CompletedTask, Cancellation);
            Directory.SetLastWriteTimeUtc(folder.File($"card/{key}"), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(index - keys.Length));
        }
    }
}
