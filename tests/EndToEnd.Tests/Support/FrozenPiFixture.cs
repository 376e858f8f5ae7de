using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Support;

/// <summary>Tests on running machines, one after the other: two at once would only slow each other down.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DeviceCollection : ICollectionFixture<FrozenPiFixture>
{
    public const string Name = "device";
}

/// <summary>The frozen machine that the tests take their copies from, and a command line that is built.</summary>
public sealed class FrozenPiFixture : IAsyncLifetime, IProgress<PiStep>
{
    public FrozenPi Frozen { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Cli.Wrap(Checkout.Launcher).WithArguments(["--version"]).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Frozen = await FrozenPi.GetAsync(PiHome.FromEnvironment(), this, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Report(PiStep value) => TestContext.Current.SendDiagnosticMessage($"{value}");
}
