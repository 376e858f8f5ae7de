using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Projects;

public sealed class ProjectFileTests
{
    [Fact]
    public void A_project_is_read_with_its_plugins_and_options()
    {
        var project = Parse("""
            # A lamp.
            name: lamp
            runtime:
              name: dotnet
              options:
                binary: bin/app.dll
                use-executor: true
            main: infra
            description: A Pi in a lamp
            stackConfigDir: stacks
            backend:
              url: file://./state
            options:
              refresh: always
            plugins:
              providers:
                - name: provisioner
                  path: src/Provisioner.Provider
                - {name: other, path: /opt/other, version: 1.2.3}
            template:
              description: not known here
            something-new: [1, 2]
            """);

        project.Name.ShouldBe("lamp");
        project.Directory.ShouldBe("/lamp");
        project.FilePath.ShouldBe("/lamp/Pulumi.yaml");
        project.Runtime.ShouldBe("dotnet");
        project.RuntimeOptions.ShouldBe(new Dictionary<string, string> { ["binary"] = "bin/app.dll", ["use-executor"] = "true" }, ignoreOrder: true);
        project.Main.ShouldBe("infra");
        project.StackConfigDirectory.ShouldBe("stacks");
        project.BackendUrl.ShouldBe("file://./state");
        project.AlwaysRefresh.ShouldBeTrue();
        project.Providers.ShouldBe([new("provisioner", "/lamp/src/Provisioner.Provider", ""), new("other", "/opt/other", "1.2.3")]);
    }

    [Fact]
    public void A_runtime_may_be_a_name_alone() => Parse("name: lamp\nruntime: nodejs\n").Runtime.ShouldBe("nodejs");

    [Fact]
    public void Config_as_a_text_is_the_old_way_to_name_the_stack_files_folder() =>
        Parse("name: lamp\nruntime: dotnet\nconfig: stacks\n").StackConfigDirectory.ShouldBe("stacks");

    [Fact]
    public void Declarations_are_read_in_every_form()
    {
        var config = Parse("""
            name: lamp
            runtime: dotnet
            config:
              ssid: Lamp Home
              retries: 3
              aws:region: eu-west-1
              lamp:full: {type: boolean, default: false, description: All of it}
              password: {type: string, secret: true}
              hosts: {type: array, items: {type: array, items: {type: integer}}, default: [[1, 2], [3]]}
              limits: {type: object, value: {cpu: 2, name: "x"}}
            """).Config;

        config[new("lamp", "ssid")].ShouldSatisfyAllConditions(it => it.Default.ShouldBe("Lamp Home"), it => it.Value.ShouldBeNull());
        config[new("lamp", "retries")].Default.ShouldBe("3");
        config[new("aws", "region")].ShouldSatisfyAllConditions(it => it.Value.ShouldBe("eu-west-1"), it => it.Default.ShouldBeNull());
        config[new("lamp", "full")].ShouldSatisfyAllConditions(it => it.Type.ShouldBe("boolean"), it => it.Default.ShouldBe("false"), it => it.Description.ShouldBe("All of it"));
        config[new("lamp", "password")].IsSecret.ShouldBeTrue();
        config[new("lamp", "hosts")].ShouldSatisfyAllConditions(it => it.ItemsType.ShouldBe("array<integer>"), it => it.Default.ShouldBe("[[1,2],[3]]"));
        config[new("lamp", "limits")].Value.ShouldBe("""{"cpu":2,"name":"x"}""");
    }

    [Theory]
    [InlineData("runtime: dotnet\n", 1, 1, "`name` is missing")]
    [InlineData("name: lamp\n", 1, 1, "`runtime` is missing")]
    [InlineData("name: 7\nruntime: dotnet\n", 1, 7, "`name` must be a text, but it is the number 7")]
    [InlineData("name: la/mp\nruntime: dotnet\n", 1, 7, "\"la/mp\"")]
    [InlineData("name: lamp\nruntime: [dotnet]\n", 2, 10, "`runtime` must be a mapping, but it is a list")]
    [InlineData("name: lamp\nruntime: dotnet\nmain: {a: b}\n", 3, 7, "`main` must be a text, but it is a mapping")]
    [InlineData("name: lamp\nruntime: dotnet\noptions:\n  refresh: never\n", 4, 12, "`options.refresh` may only be \"always\", but it is \"never\"")]
    [InlineData("name: lamp\nruntime: dotnet\nplugins:\n  providers: yes\n", 4, 14, "`plugins.providers` must be a list")]
    [InlineData("name: lamp\nruntime: dotnet\nplugins:\n  providers:\n    - name: p\n", 5, 7, "`plugins.providers[0].path` is missing")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {default: 1, value: 2}\n", 4, 26, "both `default` and `value`")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {type: array}\n", 4, 6, "does not say of what")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {type: number}\n", 4, 13, "must be one of string, integer, boolean, array, object, but it is \"number\"")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {type: integer, default: many}\n", 4, 6, "declared as integer, but its default is many")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {type: string, default: 5}\n", 4, 6, "declared as string, but its default is 5")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {defualt: 5}\n", 4, 7, "`config.a.defualt` is not known")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: {secret: perhaps}\n", 4, 15, "`config.a.secret` must be true or false")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  aws:region: {default: x}\n", 4, 15, "write `value`")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  aws:region: {type: string}\n", 4, 15, "may not declare a type")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a:b:c: x\n", 4, 3, "no configuration key")]
    [InlineData("name: lamp\nruntime: dotnet\nconfig:\n  a: x\n  lamp:a: y\n", 5, 3, "declared twice")]
    [InlineData("name: lamp\nname: lump\n", 2, 1, "twice")]
    [InlineData("name: lamp\nruntime:\n\tname: dotnet\n", 3, 1, "tab")]
    [InlineData("name: lamp\nruntime:\n  name: dotnet\n\toptions: {}\n", 4, 1, "tab")]
    [InlineData("name: [lamp\n", 2, 1, "no YAML")]
    [InlineData("- name\n", 1, 1, "must be a mapping")]
    public void An_error_names_line_column_field_and_value(string text, long line, long column, string expected)
    {
        var error = Should.Throw<ProjectFileException>(() => Parse(text));

        error.Message.ShouldContain(expected);
        (error.Line, error.Column).ShouldBe((line, column), error.Message);
        error.Message.ShouldStartWith($"/lamp/Pulumi.yaml:{line}:{column}: ");
    }

    [Fact]
    public void A_tab_inside_a_text_is_no_error() =>
        Parse("name: lamp\nruntime: dotnet\ndescription: |\n  a\n  \tb\n").Description.ShouldBe("a\n\tb\n");

    [Fact]
    public void An_empty_file_is_named_as_such() => Should.Throw<ProjectFileException>(() => Parse("# nothing\n")).Message.ShouldContain("is empty");

    [Fact]
    public void The_nearest_project_above_a_folder_is_found()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("Pulumi.yaml"), "name: lamp\nruntime: dotnet\n");
        var below = Directory.CreateDirectory(folder.File("infra/deep")).FullName;

        ProjectFile.Load(below).Directory.ShouldBe(folder.Path);
    }

    [Fact]
    public void No_project_anywhere_above_is_an_error_that_names_the_folder()
    {
        using var folder = new TemporaryFolder();

        Should.Throw<ProjectFileException>(() => ProjectFile.Load(folder.Path)).Message.ShouldContain(folder.Path);
    }

    internal static Project Parse(string text) => ProjectFile.Parse("/lamp/Pulumi.yaml", text);
}
