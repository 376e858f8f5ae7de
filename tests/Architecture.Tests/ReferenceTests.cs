using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Who may know whom. The parts meet on the wire; a reference that is not in this table is a mistake.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["infra"] = ["Provisioner"],
        ["Provisioner"] = ["Pulumi"],
        ["Pulumi"] = ["Pulumi.Wire"],
        ["Pulumi.Command"] = ["Pulumi"],
        ["Pulumi.Wire"] = [],
        ["Provisioner.Cli"] = ["Provisioner.Engine", "Provisioner.VirtualPi"],
        ["Provisioner.Engine"] = ["Pulumi.Wire"],
        ["Provisioner.Provider"] = ["Pulumi.Wire"],
        ["Provisioner.CommandProvider"] = ["Provisioner.Provider"],
        ["Provisioner.VirtualPi"] = [],
    };

    public static string Root { get; } = FindRoot();

    public static TheoryData<string> Projects() => [.. ProductProjects().Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_design_allows(string name)
    {
        Allowed.ShouldContainKey(name, $"{name} is not in the table of allowed references");
        var project = ProductProjects().Single(path => Path.GetFileNameWithoutExtension(path) == name);

        References(project).ShouldBeSubsetOf(Allowed[name]);
    }

    [Fact]
    public void Every_part_in_the_table_exists() =>
        ProductProjects().Select(path => Path.GetFileNameWithoutExtension(path)!).ShouldBe(Allowed.Keys, ignoreOrder: true);

    /// <summary>Pulumi's protocol has no credentials: on a machine with other users each end must ask the kernel whose process the other one is.</summary>
    [Theory]
    [InlineData(".Listen(IPAddress", "LoopbackPeer.ServeAsync(")]
    [InlineData("GrpcChannel.ForAddress(", "LoopbackPeer.CreateHandler(")]
    public void Whoever_opens_or_dials_a_port_of_the_wire_asks_whose_it_is(string opens, string asks)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .Where(path => File.ReadAllText(path).Contains(opens, StringComparison.Ordinal))
            .ToList();

        sources.ShouldNotBeEmpty();
        sources.Where(path => !File.ReadAllText(path).Contains(asks, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_top_level_holds_only_what_belongs_there()
    {
        string[] allowed =
        [
            "infra", "src", "tests", "Pulumi.yaml", "Pulumi.dev.yaml", "Provisioner.sln", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs", "provision", "LICENSE",
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json",
        ];
        var visible = Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.'));

        visible.Except(["bin", "obj", "artifacts", "TestResults"], StringComparer.Ordinal).ShouldBeSubsetOf(allowed);
    }

    /// <summary>Where a machine has no compiler for precompiled output yet, the build writes a project that fetches one, into obj.</summary>
    private static IEnumerable<string> ProductProjects() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .Append(Path.Combine(Root, "infra", "infra.csproj"))
            .Order(StringComparer.Ordinal);

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Provisioner.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("No Provisioner.sln above the tests.");
    }
}
