namespace EndToEnd.Tests.Support;

/// <summary>One machine, brought up once: every test leaves it as it found it.</summary>
public sealed class BroughtUp(FrozenPiFixture fixture) : IAsyncLifetime
{
    internal Lamp Lamp { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lamp = await Lamp.NewAsync(fixture.Frozen);
        (await Lamp.Project.UpAsync()).Ended(0);
        await Lamp.ProfileShouldBeInPlaceAsync();
    }

    public async ValueTask DisposeAsync() => await Lamp.DisposeAsync();
}
