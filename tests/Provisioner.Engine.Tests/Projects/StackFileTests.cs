using System.Runtime.Versioning;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Projects;

public sealed class StackFileTests
{
    private const string Commented = """
        # The lamp in the living room.
        encryptionsalt: v1:AAECAwQFBgc=:v1:EBESExQVFhcYGRob:4w5V4XTUy2mRbxIEeXVP/gg+jdpTxA==  # do not touch

        config:
          # The name people see.
          lamp:ssid: "Lamp Home"   # with a blank
          lamp:psk:  # from the router
            secure: v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=

          lamp:hosts:
            # the first
            - name: pi     # glued
              port: 22
            - name: spare
          lamp:tags: {room: living, shelf: 2}   # short
          bare: 7
        # The end.
        other: kept

        """;

    [Fact]
    public async Task A_stack_file_that_is_no_file_is_refused_by_its_kind_and_not_opened()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("Pulumi.yaml"), "name: lamp\nruntime: dotnet\n");
        var project = ProjectFile.Load(folder.Path);
        await MakeFifoAsync(folder.File("Pulumi.fifo.yaml"));
        Directory.CreateDirectory(folder.File("Pulumi.folder.yaml"));
        File.CreateSymbolicLink(folder.File("Pulumi.zero.yaml"), "/dev/zero");
        File.CreateSymbolicLink(folder.File("Pulumi.null.yaml"), "/dev/null");

        Refusal("fifo").ShouldContain("Pulumi.fifo.yaml is a FIFO, and not a file");
        Refusal("folder").ShouldContain("is a folder, and not a file");
        Refusal("zero").ShouldContain("is a character device, and not a file");
        StackFile.Load(project, "null").Config.ShouldBeEmpty();
        StackFile.Load(project, "none").Config.ShouldBeEmpty();

        string Refusal(string stack) => Should.Throw<ProjectFileException>(() => StackFile.Load(project, stack)).Message;
    }

    [Fact]
    public async Task Nor_is_a_fifo_for_a_project_file()
    {
        using var folder = new TemporaryFolder();
        await MakeFifoAsync(folder.File("Pulumi.yaml"));

        Should.Throw<ProjectFileException>(() => ProjectFile.Load(folder.Path)).Message.ShouldContain("is a FIFO, and not a file");
    }

    private static async Task MakeFifoAsync(string path) => await CliWrap.Cli.Wrap("mkfifo").WithArguments([path]).ExecuteAsync();

    [Fact]
    public void Values_are_read_with_their_types_and_the_projects_name_is_the_default_namespace()
    {
        var file = Parse(Commented);

        file.EncryptionSalt.ShouldStartWith("v1:AAECAwQFBgc=");
        Get(file, "ssid").ShouldBe(StackValue.OfText("Lamp Home"));
        Get(file, "psk").ShouldBe(new StackValue.Secure("v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY="));
        Get(file, "lamp:hosts[0].port").ShouldBe(new StackValue.Scalar("22", ScalarKind.Integer));
        Get(file, "lamp:bare").ShouldBe(new StackValue.Scalar("7", ScalarKind.Integer));
        Get(file, "hosts[2]").ShouldBeNull();
    }

    [Theory]
    [InlineData("ssid", "Other", "  lamp:ssid: \"Lamp Home\"   # with a blank", "  lamp:ssid: Other   # with a blank")]
    [InlineData("bare", "007", "  bare: 7", "  bare: \"007\"")]
    [InlineData("hosts[0].name", "lamp", "    - name: pi     # glued", "    - name: lamp     # glued")]
    [InlineData("hosts[0].port", "2222", "      port: 22", "      port: 2222")]
    [InlineData("hosts[1].name", "true", "    - name: spare", "    - name: true")]
    [InlineData("tags.shelf", "top, left", "{room: living, shelf: 2}   # short", "{room: living, shelf: \"top, left\"}   # short")]
    [InlineData("hosts[1].port", "22", "    - name: spare\n", "    - name: spare\n      port: 22\n")]
    [InlineData("hosts[2].name", "third", "    - name: spare\n", "    - name: spare\n    - name: third\n")]
    [InlineData("tags.new", "x", "shelf: 2}", "shelf: 2, new: x}")]
    [InlineData("wifi.networks[0].ssid", "a: b", "  bare: 7\n", "  bare: 7\n  lamp:wifi:\n    networks:\n      - ssid: \"a: b\"\n")]
    public void Setting_a_value_touches_its_line_and_no_other(string path, string value, string before, string after)
    {
        var changed = Parse(Commented).Set(ConfigPath.Parse(path, "lamp", isPath: true), StackValue.OfText(value));

        changed.ToString().ShouldBe(Once(Commented, before, after));
    }

    [Fact]
    public void A_secret_takes_the_place_of_a_clear_value_and_back()
    {
        var path = ConfigPath.Parse("ssid", "lamp", isPath: false);

        var secret = Parse(Commented).Set(path, new StackValue.Secure("v1:a:b"));
        secret.ToString().ShouldBe(Once(Commented, "  lamp:ssid: \"Lamp Home\"   # with a blank", "  lamp:ssid:   # with a blank\n    secure: v1:a:b"));

        secret.Set(path, StackValue.OfText("Lamp Home")).ToString()
            .ShouldBe(Once(Commented, "  lamp:ssid: \"Lamp Home\"   # with a blank", "  lamp:ssid: Lamp Home   # with a blank"));
    }

    [Fact]
    public void A_secret_is_renewed_in_its_place() =>
        Parse(Commented).Set(ConfigPath.Parse("psk", "lamp", isPath: false), new StackValue.Secure("v1:a:b")).ToString()
            .ShouldBe(Once(Commented, "v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=", "v1:a:b"));

    [Theory]
    [InlineData("ssid", "  lamp:ssid: \"Lamp Home\"   # with a blank\n", "")]
    [InlineData("psk", "  lamp:psk:  # from the router\n    secure: v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=\n", "")]
    [InlineData("bare", "  bare: 7\n", "")]
    [InlineData("hosts[0].name", "name: pi     # glued\n      port: 22", "port: 22")]
    [InlineData("hosts[0].port", "      port: 22\n", "")]
    [InlineData("hosts[1]", "    - name: spare\n", "")]
    [InlineData("tags.room", "{room: living, shelf: 2}", "{shelf: 2}")]
    [InlineData("hosts[1].name", "    - name: spare\n", "    - {}\n")]
    [InlineData("missing.key", "", "")]
    public void Removing_a_value_takes_its_lines_and_no_others(string path, string before, string after) =>
        Parse(Commented).Remove(ConfigPath.Parse(path, "lamp", isPath: true)).ToString()
            .ShouldBe(before.Length == 0 ? Commented : Once(Commented, before, after));

    [Theory]
    [InlineData("", "config:\n  lamp:a: x\n")]
    [InlineData("# mine\n", "# mine\nconfig:\n  lamp:a: x\n")]
    [InlineData("config: {}\n", "config:\n  lamp:a: x\n")]
    [InlineData("config:\n", "config:\n  lamp:a: x\n")]
    [InlineData("encryptionsalt: v1:x", "encryptionsalt: v1:x\nconfig:\n  lamp:a: x")]
    [InlineData("config:\n    lamp:b: 1 # four blanks\n", "config:\n    lamp:b: 1 # four blanks\n    lamp:a: x\n")]
    [InlineData("config:\r\n  lamp:b: 1\r\nx: y\r\n", "config:\r\n  lamp:b: 1\r\n  lamp:a: x\r\nx: y\r\n")]
    [InlineData("config: {lamp:b: 1}\n", "config: {lamp:b: 1, lamp:a: x}\n")]
    [InlineData("config:\n  lamp:b: |\n    two\n    lines\n\nx: y\n", "config:\n  lamp:b: |\n    two\n    lines\n  lamp:a: x\n\nx: y\n")]
    public void A_first_value_finds_its_place(string text, string expected) =>
        Parse(text).Set(ConfigPath.Parse("a", "lamp", isPath: false), StackValue.OfText("x")).ToString().ShouldBe(expected);

    [Fact]
    public void The_last_value_leaves_an_empty_mapping() =>
        Parse("config:\n  lamp:a: x\nz: 1\n").Remove(ConfigPath.Parse("a", "lamp", isPath: false)).ToString().ShouldBe("config: {}\nz: 1\n");

    [Fact]
    public void The_salt_is_added_without_touching_the_rest()
    {
        var file = Parse("config:\n  lamp:a: x # note\n").WithEncryptionSalt("v1:a:v1:b:c");

        file.ToString().ShouldBe("config:\n  lamp:a: x # note\nencryptionsalt: v1:a:v1:b:c\n");
        file.EncryptionSalt.ShouldBe("v1:a:v1:b:c");
    }

    [Theory]
    [InlineData("hosts.name", "a name stands where a list's index")]
    [InlineData("hosts[7]", "has 2 items, so the next index is [2]")]
    [InlineData("tags[0]", "an index stands where a mapping's key should")]
    [InlineData("hosts[0].port.deep", "nothing can stand below it")]
    [InlineData("fresh.secure", "\"secure\" is reserved")]
    public void A_path_that_does_not_fit_is_an_error(string path, string expected) =>
        Should.Throw<ConfigurationException>(() => Parse(Commented).Set(ConfigPath.Parse(path, "lamp", isPath: true), StackValue.OfText("x")))
            .Message.ShouldContain(expected);

    [Fact]
    public void A_scalar_at_the_top_may_become_a_mapping_as_with_Pulumi() =>
        Get(Parse("config:\n  lamp:a: 1\n").Set(ConfigPath.Parse("a.b", "lamp", isPath: true), StackValue.OfText("x")), "a.b").ShouldBe(StackValue.OfText("x"));

    [Theory]
    [InlineData("config:\n  a:b:c: 1\n", 2, 3, "no configuration key")]
    [InlineData("config:\n  a: 1\n  lamp:a: 2\n", 3, 3, "the same key")]
    [InlineData("config: [1]\n", 1, 9, "`config` must be a mapping")]
    [InlineData("config:\n\tlamp:a: 1\n", 2, 1, "tab")]
    [InlineData("encryptionsalt: [x]\n", 1, 17, "`encryptionsalt` must be a text")]
    public void An_error_names_its_place(string text, long line, long column, string expected)
    {
        var error = Should.Throw<ProjectFileException>(() => Parse(text));

        error.Message.ShouldContain(expected);
        (error.Line, error.Column).ShouldBe((line, column), error.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Saving_keeps_who_may_read_the_file_and_a_link_to_it()
    {
        using var folder = new TemporaryFolder();
        var project = ProjectFileTests.Parse("name: lamp\nruntime: dotnet\n") with { Directory = folder.Path, FilePath = folder.File("Pulumi.yaml") };
        File.WriteAllText(folder.File("real.yaml"), "config:\n  lamp:a: 1\n");
        File.SetUnixFileMode(folder.File("real.yaml"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(folder.File("Pulumi.dev.yaml"), "real.yaml");

        StackFile.Load(project, "dev").Set(ConfigPath.Parse("a", "lamp", isPath: false), StackValue.OfText("2")).Save();

        File.ReadAllText(folder.File("real.yaml")).ShouldBe("config:\n  lamp:a: \"2\"\n");
        File.GetUnixFileMode(folder.File("real.yaml")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        new FileInfo(folder.File("Pulumi.dev.yaml")).LinkTarget.ShouldBe("real.yaml");
        Directory.EnumerateFiles(folder.Path).Count().ShouldBe(2);
    }

    internal static StackFile Parse(string text) =>
        StackFile.Parse(ProjectFileTests.Parse("name: lamp\nruntime: dotnet\n"), "dev", "/lamp/Pulumi.dev.yaml", text);

    private static StackValue? Get(StackFile file, string path) => file.Get(ConfigPath.Parse(path, "lamp", isPath: true));

    private static string Once(string text, string before, string after)
    {
        text.Split(before).Length.ShouldBe(2, $"the sample has {before} not exactly once");
        return text.Replace(before, after, StringComparison.Ordinal);
    }
}
