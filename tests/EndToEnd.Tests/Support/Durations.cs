namespace EndToEnd.Tests.Support;

/// <summary>Tests that take many minutes have this trait; <c>tests/run --long</c> runs them too.</summary>
internal static class Durations
{
    public const string Trait = "Duration";
    public const string Long = "long";
}
