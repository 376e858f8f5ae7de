namespace EndToEnd.Tests.Support;

/// <summary>The checkout that these tests were built from: what a user has after a clone.</summary>
internal static class Checkout
{
    private const string LauncherName = "provision";

    public static string Folder { get; } = Find();

    public static string Launcher { get; } = Path.Combine(Folder, LauncherName);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, LauncherName)) && File.Exists(Path.Combine(folder, "Pulumi.yaml")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout with the launcher ./{LauncherName}.");
    }
}
