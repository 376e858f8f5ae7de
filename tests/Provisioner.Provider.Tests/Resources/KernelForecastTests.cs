using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Tests.Images;
using Provisioner.Provider.Tests.Jobs;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Nixos;
using Pulumi.Wire;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>A preview tells that a kernel would be compiled, whoever builds; real Nix says so.</summary>
public sealed class KernelForecastTests(SshServer server) : IClassFixture<SshServer>
{
    private const string Kernel = "linux-rpi-6.12.34-stable";

    [Theory]
    [InlineData("local")]
    [InlineData("ssh")]
    [InlineData("container")]
    public async Task The_preview_of_an_image_names_the_kernel(string builder)
    {
        using var flake = await StandinFlake.CreateAsync();
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(Path.Combine(flake.Folder, "flake.nix"));
        flake.Write("flake.nix", text.Replace("stamp =", $"kernel = derivation {{ name = \"{Kernel}\"; system = \"x86_64-linux\"; builder = \"/bin/sh\"; stamp = builtins.readFile ./stamp; }};\n stamp =", StringComparison.Ordinal));
        await flake.CommitAsync("a kernel");
        await using var image = await ImageResource.StartAsync(builder == "ssh" ? server.Key : null);

        await image.PreviewAsync(builder switch
        {
            "ssh" => image.Build(flake.Folder, builder, ("host", server.Address())),
            "container" => image.Build(flake.Folder, builder, ("containerEngine", Engine(folder))),
            _ => image.Build(flake.Folder, builder),
        });

        image.Engine.Log.ShouldContain(entry => entry.Message.Contains($"{Kernel} would be compiled, which takes an hour and more: Nix ", StringComparison.Ordinal));
        Directory.Exists(image.Folder).ShouldBeFalse("nothing is built");
    }

    [Fact]
    public async Task The_preview_of_an_image_without_a_kernel_to_compile_says_nothing_of_it()
    {
        using var flake = await StandinFlake.CreateAsync();
        await using var image = await ImageResource.StartAsync();

        await image.PreviewAsync(image.Build(flake.Folder));

        image.Engine.Log.ShouldNotContain(entry => entry.Message.Contains("would be compiled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NixosSystemBuilder.Device)]
    [InlineData(NixosSystemBuilder.Local)]
    [InlineData(NixosSystemBuilder.Ssh)]
    [InlineData(NixosSystemBuilder.Container)]
    internal async Task The_preview_of_a_system_names_the_kernel(NixosSystemBuilder builder)
    {
        using var folder = new TemporaryFolder();
        (await ForetellAsync(folder, builder, folder["none"])).ShouldContain(finding => finding.About == "kernel" && finding.Text.StartsWith($"{Kernel} would be compiled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kernel_that_the_device_has_compiled_already_is_not_told_again()
    {
        using var folder = new TemporaryFolder();
        (await ForetellAsync(folder, NixosSystemBuilder.Device, folder.Write("kernel", ""))).ShouldNotContain(finding => finding.About == "kernel");
    }

    /// <summary>A double of a container engine: it runs the command without a container.</summary>
    private static string Engine(TemporaryFolder folder) => folder.Write("docker", """
        #!/bin/sh
        if [ "$1" = version ]; then echo "linux/$(uname -m)"; exit; fi
        while [ "$1" != sh ]; do shift; done
        exec "$@"
        """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private async Task<ImmutableArray<PreflightFinding>> ForetellAsync(TemporaryFolder folder, NixosSystemBuilder builder, string kernel)
    {
        Directory.CreateDirectory(folder["flake"]);
        folder.Write("flake/flake.nix", $$"""
            {
              outputs = _:
                let built = name: more: derivation ({ inherit name; system = "{{NixosPi.ThisPlatform}}"; builder = "/bin/sh"; stamp = "{{Guid.NewGuid():n}}"; } // more);
                in {
                  nixosConfigurations.pi4.config = {
                    networking.hostName = "lamp";
                    boot.kernelPackages.kernel.outPath = "{{kernel}}";
                    system.build.toplevel = built "nixos-system-lamp" { kernel = built "{{Kernel}}" { }; };
                  };
                };
            }
            """);
        var desired = NixosPi.Args with
        {
            Device = "local:",
            Builder = builder,
            BuilderHost = builder == NixosSystemBuilder.Ssh ? server.Address() : null,
            ContainerEngine = builder == NixosSystemBuilder.Container ? Engine(folder) : null,
            NixOptions = ImmutableSortedDictionary<string, string>.Empty.Add("sandbox", "false").Add("substituters", "").Add("build-users-group", ""),
        };
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);
        var context = new Watcher(hub.ForChanging(builder == NixosSystemBuilder.Ssh ? server.Address() : "local:", new Tally())) { IsPreview = true };
        var archive = await FlakeArchive.ReadAsync(await FlakeFolder.ReadAsync(folder["flake"], default), FlakeSource.WholeFolder, HostValues.None, default);
        return await ConfigurationCheck.ForetellAsync(desired, archive, NixosPi.Bare with { Os = NixosPi.Bare.Os with { Architecture = NixosPi.ThisPlatform.Split('-')[0] } }, context, default);
    }
}
