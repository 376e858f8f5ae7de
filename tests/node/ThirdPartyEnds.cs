/// <summary>Where the third-party ends of the tests are: Pulumi's Node SDK from npm, installed by <c>tests/install-packages</c>.</summary>
internal static class ThirdPartyEnds
{
    /// <summary>The folder <c>tests/node</c> of this checkout.</summary>
    /// <exception cref="InvalidOperationException">The SDK is not installed there.</exception>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Provisioner.sln")))
        {
            directory = directory.Parent;
        }

        var folder = Path.Combine(directory?.FullName ?? throw new InvalidOperationException("No Provisioner.sln above the tests."), "tests", "node");
        return Directory.Exists(Path.Combine(folder, "node_modules", "@pulumi", "pulumi"))
            ? folder
            : throw new InvalidOperationException($"Pulumi's Node SDK is not in {folder}/node_modules: run tests/install-packages first.");
    }
}
