using System.Text;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Projects.Yaml;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Tests.Hostile;

/// <summary>Small files that stand for more than any machine has: each is refused at once, with the place.</summary>
public sealed class BombTests : IDisposable
{
    private const string Beginning = "config:\n";

    private static readonly Project Project = ProjectFile.Parse("/p/Pulumi.yaml", "name: lamp\nruntime: dotnet\n");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Aliases_that_stand_for_a_thousand_million_values()
    {
        var bomb = new StringBuilder(Beginning).Append("  lamp:a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 10; level++)
        {
            bomb.Append($"  lamp:a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        }

        var error = Refused(bomb.ToString());

        bomb.Length.ShouldBeLessThan(700);
        error.ShouldStartWith("/p/Pulumi.dev.yaml:7:");
        error.ShouldContain($"more than {BoundedYaml.MostNodes} keys and values, counted with what aliases (*name) stand for");
    }

    [Fact]
    public void Aliases_of_one_long_text()
    {
        var bomb = new StringBuilder(Beginning).Append($"  lamp:a: &a {new string('x', 1 << 20)}\n");
        for (var index = 0; index < 20; index++)
        {
            bomb.Append($"  lamp:b{index}: *a\n");
        }

        Refused(bomb.ToString()).ShouldContain("characters, counted with what aliases");
    }

    [Theory]
    [InlineData("  lamp:a: &a [*a]\n")]
    [InlineData("  lamp:a: &a {b: {c: *a}}\n")]
    [InlineData("  lamp:a: &a\n    ? *a\n    : x\n")]
    public void An_alias_of_what_it_is_a_part_of(string text) => Refused(Beginning + text).ShouldContain("the alias *a stands for something that it is a part of");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("[", "")]
    [InlineData("? ", "")]
    [InlineData("- ", "")]
    [InlineData("{? ", "")]
    public void A_hundred_thousand_brackets_in_each_other(string open, string close)
    {
        const int count = 100_000;

        Refused($"{Beginning}  lamp:a: \n    {string.Concat(Enumerable.Repeat(open, count))}x{string.Concat(Enumerable.Repeat(close, count))}\n").ShouldContain($"more than {BoundedYaml.MostLevels} levels deep");
    }

    [Fact]
    public void Depth_that_comes_out_of_aliases()
    {
        var bomb = new StringBuilder(Beginning).Append("  lamp:a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n");
        for (var level = 1; level < 10; level++)
        {
            bomb.Append($"  lamp:a{level}: &a{level} [[[[[[[[[[*a{level - 1}]]]]]]]]]]\n");
        }

        Refused(bomb.ToString()).ShouldContain("levels deep");
    }

    [Fact]
    public void What_people_write_with_aliases_is_read()
    {
        var file = StackFile.Parse(Project, "dev", "/p/Pulumi.dev.yaml", Beginning + "  lamp:a: &a {ssid: Home, channels: [1, 6]}\n  lamp:b: *a\n  lamp:c: [*a, *a]\n");

        file.Config[new ConfigKey("lamp", "b")].ShouldBe(file.Config[new ConfigKey("lamp", "a")]);
        file.Config[new ConfigKey("lamp", "c")].ShouldBeOfType<StackValue.List>().Items.Length.ShouldBe(2);
    }

    [Fact]
    public void A_file_without_an_end()
    {
        File.CreateSymbolicLink(_folder.File("Pulumi.yaml"), "/dev/zero");

        Should.Throw<ProjectFileException>(() => YamlText.Read(_folder.File("Pulumi.yaml"))).Message.ShouldContain("is a character device");
    }

    [Fact]
    public void A_file_of_a_terabyte_of_nothing()
    {
        using (var file = File.Create(_folder.File("Pulumi.yaml")))
        {
            file.SetLength(1L << 40);
        }

        Should.Throw<ProjectFileException>(() => YamlText.Read(_folder.File("Pulumi.yaml"))).Message.ShouldContain("has more than 8 MiB");
    }

    [Fact]
    public void A_text_of_a_hundred_thousand_lines_with_tabs_is_looked_through_once()
    {
        var text = new StringBuilder(Beginning);
        for (var index = 0; index < 20; index++)
        {
            text.Append($"  lamp:a{index}: |\n").Insert(text.Length, "    \tx\n", 10_000);
        }

        StackFile.Parse(Project, "dev", "/p/Pulumi.dev.yaml", text.ToString()).Config.Count.ShouldBe(20);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[", "")]
    [InlineData("new Date(", ")")]
    public void A_state_of_a_hundred_thousand_brackets(string open, string close)
    {
        var deep = $"{string.Concat(Enumerable.Repeat(open, 100_000))}1{string.Concat(Enumerable.Repeat(close, 100_000))}";
        var state = $"{{\"version\":3,\"checkpoint\":{{\"latest\":{{\"resources\":[{{\"urn\":\"u\",\"type\":\"t\",\"inputs\":{{\"a\":{deep}}}}}]}}}}}}";

        Should.Throw<StateFileException>(() => StateDocument.Parse("/b/dev.json", Encoding.UTF8.GetBytes(state)))
            .Message.ShouldContain($"/b/dev.json cannot be read at line 1, column ");
    }

    [Theory]
    [InlineData("\"version\":99999999999999999999,\"checkpoint\":{}", "versions up to 4 are known here")]
    [InlineData("\"version\":5000000000,\"checkpoint\":{}", "versions up to 4 are known here")]
    [InlineData("\"version\":3,\"features\":[{}],\"checkpoint\":{\"latest\":{\"manifest\":{\"magic\":[],\"version\":{}},\"resources\":1}}", "\"resources\" is no list")]
    [InlineData("\"version\":3,\"checkpoint\":{\"latest\":{\"pending_operations\":[{\"resource\":{\"urn\":\"u\",\"type\":\"t\"},\"type\":[1]}]}}", "pending_operations[0]")]
    [InlineData("\"version\":3,\"checkpoint\":{\"latest\":{\"resources\":[{\"urn\":\"u\",\"type\":\"t\",\"customTimeouts\":{\"create\":1e300}}]}}", "no number of seconds that anybody waits")]
    [InlineData("\"version\":3,\"checkpoint\":{\"latest\":{\"resources\":[{\"urn\":\"u\",\"type\":\"t\",\"customTimeouts\":{\"create\":NaN}}]}}", "no number of seconds that anybody waits")]
    [InlineData("\"version\":3,\"checkpoint\":{\"latest\":{\"resources\":[{\"urn\":\"u\",\"type\":\"t\",\"customTimeouts\":{\"create\":-1}}]}}", "no number of seconds that anybody waits")]
    public void A_state_with_a_value_that_is_none(string content, string expected) => Should.Throw<StateFileException>(() =>
        StateDocument.Parse("/b/dev.json", Encoding.UTF8.GetBytes($"{{{content}}}")).Read(new SecretSeals(null))).Message.ShouldContain(expected);

    [Fact]
    public void Places_in_a_state_cost_no_more_than_the_state()
    {
        var name = new string('k', 1 << 20);
        var state = $"{{\"version\":3,\"checkpoint\":{{\"latest\":{{\"resources\":[{{\"urn\":\"u\",\"type\":\"t\",\"inputs\":{{\"{name}\":[{string.Join(',', Enumerable.Repeat("1", 200_000))}]}}}}]}}}}}}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        StateDocument.Parse("/b/dev.json", Encoding.UTF8.GetBytes(state)).Read(new SecretSeals(null)).Resources.ShouldHaveSingleItem();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1L << 30);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void A_state_that_becomes_gigabytes(string extension)
    {
        Backend.Hosts.Backend(_folder.Path).Create("dev");
        var path = _folder.File(".pulumi/stacks/lamp/dev.json");
        File.Delete(path);
        using (var file = File.Create(path + extension))
        using (Stream stream = extension == ".gz" ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(file, 1))
        {
            var zeros = new byte[1 << 20];
            for (var left = 600; left > 0; left--)
            {
                stream.Write(zeros);
            }
        }

        Should.Throw<StateFileException>(() => Backend.Hosts.Backend(_folder.Path).Export("dev")).Message.ShouldContain("holds more than 256 MiB of state");
    }

    [Fact]
    public void A_path_with_more_parts_than_a_file_has_levels() =>
        Should.Throw<ConfigurationException>(() => ConfigPath.Parse(string.Join('.', Enumerable.Repeat("a", 100_000)), "lamp", isPath: true)).Message.ShouldContain("has 100000 parts");

    private static string Refused(string text) => Should.Throw<ProjectFileException>(() => StackFile.Parse(Project, "dev", "/p/Pulumi.dev.yaml", text)).Message;
}
