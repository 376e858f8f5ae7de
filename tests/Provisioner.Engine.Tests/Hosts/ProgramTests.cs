using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Hosts;
using Provisioner.Engine.Hosts.Building;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.Hosts.Programs;
using Provisioner.Engine.Projects;
using Provisioner.Engine.Tests.Deployments.Support;
using Pulumi.Wire;

namespace Provisioner.Engine.Tests.Hosts;

public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_secret_of_the_configuration_is_in_no_environment()
    {
        using var world = new World();
        world.Config["demo:word"] = new ConfigValue("open sesame", true);
        world.Config["world:token"] = new ConfigValue("open sesame", true);

        var run = (await world.UpAsync("""
            const environ = () => require('fs').readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).some(pid => {
              try { return require('fs').readFileSync(`/proc/${pid}/environ`, 'utf8').includes('open sesame'); } catch { return false; }
            });
            new Thing('a', {});
            exports.read = new pulumi.Config().require('word').length;
            exports.leaked = environ();
            console.log('said by the program');
            """)).ShouldSucceed();

        run.Result.Outputs["read"].ShouldBe(11);
        run.Result.Outputs["leaked"].ShouldBe(false);
        run.Events.ShouldContain(new EngineEvent.ProgramOutput("said by the program", false));
    }

    [Fact]
    public async Task A_dotnet_program_is_built_when_its_sources_changed_and_gets_its_configuration()
    {
        var source = Path.Combine(_folder, "Program.cs");
        await File.WriteAllTextAsync(Path.Combine(_folder, "program.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(source, """
            var onStart = System.Text.Encoding.UTF8.GetString(System.IO.File.ReadAllBytes("/proc/self/environ"));
            System.Console.WriteLine(System.Environment.GetEnvironmentVariable("PULUMI_CONFIG"));
            System.Console.WriteLine(onStart.Contains("open sesame") ? "leaked" : "safe");
            return System.Environment.GetEnvironmentVariable("PULUMI_DRY_RUN") == "true" ? 32 : 1;
            """, TestContext.Current.CancellationToken);
        var builds = new List<string>();

        (await RunAsync(builds)).ShouldBe((32, """{"demo:word":"open sesame"}""" + "\nsafe"));
        builds.Count.ShouldBe(1);
        await RunAsync(builds);
        builds.Count.ShouldBe(1, "nothing changed");

        await File.AppendAllTextAsync(source, "this is no C#", TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<HostException>(() => RunAsync(builds))).Message.ShouldContain("does not build");
        builds.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_plugin_that_is_nowhere_or_no_plugin_is_told_with_the_way_out()
    {
        (await FindAsync()).ShouldContain("plugins.providers in Pulumi.yaml names");
        await File.WriteAllTextAsync(Path.Combine(_folder, "PulumiPlugin.yaml"), "runtime: cobol", TestContext.Current.CancellationToken);
        (await FindAsync()).ShouldContain("cobol");
        await File.WriteAllTextAsync(Path.Combine(_folder, "PulumiPlugin.yaml"), "name: x", TestContext.Current.CancellationToken);
        (await FindAsync()).ShouldContain("names no runtime");
        await File.WriteAllTextAsync(Path.Combine(_folder, "PulumiPlugin.yaml"), "runtime:\n\tname: x", TestContext.Current.CancellationToken);
        (await FindAsync()).ShouldContain("is no YAML");
    }

    private async Task<string> FindAsync() =>
        (await Should.ThrowAsync<HostException>(() => new PluginLocator(Project(), new DotnetProject((_, _) => { })).FindAsync("mine", "", TestContext.Current.CancellationToken))).Message;

    private async Task<(int ExitCode, string Output)> RunAsync(List<string> builds)
    {
        var lines = new List<string>();
        var config = ImmutableSortedDictionary<ConfigKey, ConfigValue>.Empty.Add(new ConfigKey("demo", "word"), new ConfigValue("open sesame", true));
        var host = new ProgramHost(new DotnetProject((title, done) =>
        {
            if (!done)
            {
                builds.Add(title);
            }
        }));
        await using var program = await host.StartAsync(
            new ProgramContext(Project(), "test", config, Preview: true, Parallel: 4, "127.0.0.1:1"), (line, _) => lines.Add(line), TestContext.Current.CancellationToken);
        return (await program.Exited, string.Join('\n', lines));
    }

    private Project Project() => new() { Name = "demo", Directory = _folder, Runtime = "dotnet", Providers = [new ProviderPlugin("mine", _folder, string.Empty)] };
}
