namespace Provisioner.VirtualPi.Tests.Device;

/// <summary>Tests on running machines, one after the other: two at once would only slow each other down.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DeviceCollection : ICollectionFixture<FrozenPiFixture>
{
    public const string Name = "device";
}

/// <summary>The one frozen machine that the tests take their copies from.</summary>
public sealed class FrozenPiFixture : IAsyncLifetime, IProgress<PiStep>
{
    public PiHome Home { get; } = PiHome.FromEnvironment();

    public FrozenPi Frozen { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Frozen = await FrozenPi.GetAsync(Home, this, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Report(PiStep value) => TestContext.Current.SendDiagnosticMessage($"{value}");
}
