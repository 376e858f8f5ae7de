using Provisioner.Engine.Backend;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Backend;

public sealed class BackendLocationTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_environment_wins_over_the_project_and_the_login()
    {
        Login("file:///login");

        Resolve("file:///project", ("PULUMI_BACKEND_URL", "file:///environment")).Directory.ShouldBe("/environment");
        Resolve("file:///project").Directory.ShouldBe("/project");
        Resolve("").Directory.ShouldBe("/login");
    }

    [Fact]
    public void Without_a_word_it_is_the_home_folder() => Resolve("").ShouldBe(new BackendLocation("file://~", _home.Path, "default"));

    [Theory]
    [InlineData("file://~/state", "{home}/state")]
    [InlineData("file://./state", "/lamp/state")]
    [InlineData("file://state", "/lamp/state")]
    [InlineData("file:///a%20b?no_tmp_dir=true", "/a b")]
    public void A_folder_is_found_from_its_URL(string url, string expected) =>
        Resolve(url).Directory.ShouldBe(expected.Replace("{home}", _home.Path, StringComparison.Ordinal));

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("https://api.pulumi.com")]
    [InlineData("/just/a/folder")]
    [InlineData("file://")]
    public void Another_kind_of_backend_is_refused_with_the_way_out(string url)
    {
        var error = Should.Throw<BackendException>(() => Resolve("", ("PULUMI_BACKEND_URL", url)));

        error.Message.ShouldContain($"\"{url}\"");
        error.Message.ShouldContain("file://~");
    }

    [Fact]
    public void A_login_to_the_service_is_no_backend_in_files_so_the_home_folder_is_taken()
    {
        Login("https://api.pulumi.com");

        Resolve("").Url.ShouldBe("file://~");
    }

    [Fact]
    public void Credentials_that_cannot_be_read_are_no_login()
    {
        Directory.CreateDirectory(_home.File(".pulumi"));
        File.WriteAllText(_home.File(".pulumi/credentials.json"), "{");

        Resolve("").Url.ShouldBe("file://~");
    }

    [Fact]
    public void The_selected_stack_is_kept_for_each_backend_where_Pulumi_keeps_it()
    {
        var host = Hosts.In(_home.Path);
        var project = ProjectOf("");
        new StackSelection(project, "file://~", host).Current().ShouldBeNull();

        new StackSelection(project, "file://~", host).Select("dev");
        new StackSelection(project, "file:///other", host).Select("prod");

        new StackSelection(project, "file://~", host).Current().ShouldBe("dev");
        new StackSelection(project, "file:///other", host).Current().ShouldBe("prod");
        // sha1 of /lamp/Pulumi.yaml, the project file's path.
        File.ReadAllText(_home.File(".pulumi/workspaces/lamp-f13fb3abf64e02836f9b05dad4b00612758113f5-workspace.json")).ShouldContain("\"file://~\": \"organization/lamp/dev\"");
    }

    [Fact]
    public void The_selection_of_an_older_CLI_is_understood_and_PULUMI_STACK_wins()
    {
        var path = _home.File(".pulumi/workspaces/lamp-f13fb3abf64e02836f9b05dad4b00612758113f5-workspace.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, """{"stack": "dev"}""");

        new StackSelection(ProjectOf(""), "file://~", Hosts.In(_home.Path)).Current().ShouldBe("dev");
        new StackSelection(ProjectOf(""), "file://~", Hosts.In(_home.Path, ("PULUMI_STACK", "organization/lamp/other"))).Current().ShouldBe("other");
    }

    [Fact]
    public void A_selection_of_the_service_is_no_selection_here()
    {
        var path = _home.File(".pulumi/workspaces/lamp-f13fb3abf64e02836f9b05dad4b00612758113f5-workspace.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, """{"stack": "acme/lamp/dev"}""");

        new StackSelection(ProjectOf(""), "file://~", Hosts.In(_home.Path)).Current().ShouldBeNull();
    }

    private static Project ProjectOf(string backendUrl) => new()
    {
        Name = "lamp",
        Directory = "/lamp",
        FilePath = "/lamp/Pulumi.yaml",
        Runtime = "dotnet",
        BackendUrl = backendUrl,
    };

    private BackendLocation Resolve(string backendUrl, params (string, string)[] variables) =>
        BackendLocation.Resolve(ProjectOf(backendUrl), Hosts.In(_home.Path, variables));

    private void Login(string url)
    {
        Directory.CreateDirectory(_home.File(".pulumi"));
        File.WriteAllText(_home.File(".pulumi/credentials.json"), $$"""{"current": "{{url}}", "accessTokens": {"{{url}}": ""} }""");
    }
}
