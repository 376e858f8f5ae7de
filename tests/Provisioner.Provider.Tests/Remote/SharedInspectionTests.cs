using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>However many ask, a device is read once; a change ends what was read.</summary>
public sealed class SharedInspectionTests
{
    [Fact]
    public async Task Concurrent_questions_are_one_reading()
    {
        var device = new Device();
        using var gate = new SemaphoreSlim(0);
        var readings = 0;
        using var inspection = new SharedInspection<int>(async (_, cancellation) =>
        {
            var number = Interlocked.Increment(ref readings);
            await gate.WaitAsync(cancellation);
            return number;
        });

        var asked = Enumerable.Range(0, 20).Select(_ => inspection.GetAsync(device, default)).ToList();
        gate.Release(20);

        (await Task.WhenAll(asked)).ShouldAllBe(number => number == 1);
        (await inspection.GetAsync(device, default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_of_the_device_ends_what_was_read()
    {
        var device = new Device();
        var readings = 0;
        using var inspection = new SharedInspection<int>((_, _) => Task.FromResult(Interlocked.Increment(ref readings)));
        (await inspection.GetAsync(device, default)).ShouldBe(1);

        device.Generation++;

        (await inspection.GetAsync(device, default)).ShouldBe(2);
    }

    [Fact]
    public async Task Those_who_changed_it_at_the_same_time_share_one_look_behind_them_all()
    {
        var device = new Device { IsBusy = true };
        var readings = 0;
        using var inspection = new SharedInspection<int>((_, _) => Task.FromResult(Interlocked.Increment(ref readings)));
        var first = inspection.GetAsync(device, default);
        device.Generation++;
        var second = inspection.GetAsync(device, default);

        readings.ShouldBe(0);
        device.Quiet.SetResult();

        (await first).ShouldBe(1);
        (await second).ShouldBe(1);
    }

    [Fact]
    public async Task Devices_are_read_apart()
    {
        using var inspection = new SharedInspection<string>((remote, _) => Task.FromResult(remote.Address.Host));

        (await inspection.GetAsync(new Device("a"), default)).ShouldBe("a");
        (await inspection.GetAsync(new Device("b"), default)).ShouldBe("b");
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var device = new Device();
        var readings = 0;
        using var inspection = new SharedInspection<int>((_, _) =>
            Interlocked.Increment(ref readings) == 1 ? throw new DeviceLinkLostException("gone") : Task.FromResult(readings));

        await Should.ThrowAsync<DeviceLinkLostException>(() => inspection.GetAsync(device, default));

        (await inspection.GetAsync(device, default)).ShouldBe(2);
    }

    [Fact]
    public async Task One_who_stops_waiting_does_not_stop_the_others()
    {
        var device = new Device();
        using var gate = new SemaphoreSlim(0);
        using var inspection = new SharedInspection<int>(async (_, cancellation) =>
        {
            await gate.WaitAsync(cancellation);
            return 7;
        });
        using var impatient = new CancellationTokenSource();
        var first = inspection.GetAsync(device, impatient.Token);
        var second = inspection.GetAsync(device, default);

        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.Release();
        (await second).ShouldBe(7);
    }

    [Fact]
    public async Task Who_may_wait_longer_tries_again_when_somebody_less_patient_gave_up()
    {
        using var gate = new SemaphoreSlim(0);
        using var inspection = new SharedInspection<string>(async (remote, cancellation) =>
        {
            await gate.WaitAsync(cancellation);
            return remote.DialPatience.TotalSeconds > 5 ? "there" : throw new DeviceUnreachableException("away");
        });
        var looking = inspection.GetAsync(new Device { DialPatience = TimeSpan.FromSeconds(3) }, default);
        var changing = inspection.GetAsync(new Device { DialPatience = TimeSpan.FromSeconds(15) }, default);
        gate.Release(2);

        await Should.ThrowAsync<DeviceUnreachableException>(() => looking);
        (await changing).ShouldBe("there");
    }

    private sealed class Device(string host = "lamp") : IRemote
    {
        public DeviceAddress Address { get; } = DeviceAddress.Parse($"ssh://root@{host}");

        public TimeSpan DialPatience { get; init; } = TimeSpan.FromSeconds(3);

        public long Generation { get; set; }

        public bool IsBusy { get; init; }

        public TaskCompletionSource Quiet { get; } = new();

        public Task QuietAsync(CancellationToken cancellation) => IsBusy ? Quiet.Task : Task.CompletedTask;

        public Task<IDisposable> AloneAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
