using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.SdImage;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>Whether a machine can build an image, and what it costs, told before anything begins.</summary>
public sealed class ImageBuilderTests
{
    private const string Arm = "machine=Linux aarch64\nnix=nix (Nix) 2.24.9\nsystem = aarch64-linux\nextra-platforms = \nbuilders = @/etc/nix/machines\n";
    private const string Intel = "machine=Linux x86_64\nnix=nix (Nix) 2.8.0\nsystem = x86_64-linux\nextra-platforms = i686-linux\nbuilders = @/etc/nix/machines\n";

    [Fact]
    public void A_machine_with_the_right_processor_just_builds() =>
        BuilderFacts.Parse(Arm).For("aarch64-linux", "this machine", "prebuilt").ShouldBe(new BuilderVerdict(null, null, null));

    [Fact]
    public void A_machine_without_Nix_is_told_so() =>
        BuilderFacts.Parse("machine=Linux aarch64\n").For("aarch64-linux", "this machine", "prebuilt").Obstacle.ShouldBe("Nix is not on this machine");

    [Fact]
    public void Another_processor_without_an_emulator_cannot() =>
        BuilderFacts.Parse(Intel).For("aarch64-linux", "this machine", "prebuilt").Obstacle.ShouldBe("this machine is Linux x86_64 and runs nothing for aarch64-linux");

    [Fact]
    public void An_emulator_that_Nix_may_not_use_is_named_with_the_setting() =>
        BuilderFacts.Parse(Intel + "emulator=qemu-aarch64\n").For("aarch64-linux", "this machine", "prebuilt").Remedy!.ShouldContain("\"extra-platforms\": \"aarch64-linux\"");

    [Fact]
    public void Emulation_is_announced_with_what_it_costs_before_it_starts()
    {
        var verdict = BuilderFacts.Parse(Intel.Replace("i686-linux", "i686-linux aarch64-linux", StringComparison.Ordinal)).For("aarch64-linux", "this machine", "prebuilt");

        verdict.Obstacle.ShouldBeNull();
        verdict.Cost!.ShouldContain("takes hours");
        var plan = SdImagePlanner.Plan(new SdImageArgs { Flake = "infra/nixos" }, new SdImageState { Situation = new SdImageSituation { Cost = verdict.Cost } });
        plan.Warnings.ShouldBe([verdict.Cost!]);
        plan.Makes.ShouldBeTrue();
    }

    [Fact]
    public void A_machine_that_hands_builds_on_is_not_held_back() =>
        BuilderFacts.Parse(Intel + "machines=yes\n").For("aarch64-linux", "this machine", "prebuilt").ShouldBe(new BuilderVerdict(null, null, null));

    [Theory]
    [InlineData("store={\"trusted\":0,\"url\":\"daemon\"}", true)]
    [InlineData("store={\"trusted\":false,\"url\":\"daemon\"}", true)]
    [InlineData("store={\"trusted\":true,\"url\":\"local\"}", false)]
    [InlineData("store={\"trusted\":0}\nsubstituters = https://cache.nixos.org/ https://nixos-raspberrypi.cachix.org", false)]
    [InlineData("store=", false)]
    public void A_daemon_that_takes_no_caches_from_us_is_told_before_it_compiles_a_kernel(string answer, bool isTold)
    {
        var cost = BuilderFacts.Parse($"{Arm}{answer}\n").For("aarch64-linux", "this machine", "prebuilt").Cost;

        (cost?.Contains("extra-substituters = https://nixos-raspberrypi.cachix.org", StringComparison.Ordinal) ?? false).ShouldBe(isTold);
    }

    [Fact]
    public async Task The_real_Nix_of_this_machine_answers_the_question()
    {
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);

        var answer = await hub.ForLooking("local:").RunAsync(BuilderFacts.Probe(ImmutableSortedDictionary<string, string>.Empty), default);

        var facts = BuilderFacts.Parse(answer.Text);
        facts.Nix!.ShouldStartWith("nix (Nix) ");
        facts.System.ShouldEndWith("-linux");
    }

    [Theory]
    [InlineData("", "Neither docker nor podman is on this machine")]
    [InlineData("engine=podman", "The container engine podman is not on this machine")]
    [InlineData("engine=docker\nerror=Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "The container engine docker does not answer: Cannot connect")]
    [InlineData("engine=docker\nserver=windows/amd64", "The container engine docker runs windows/amd64 containers")]
    public void An_engine_that_cannot_is_told_apart(string answer, string obstacle) =>
        ContainerCommand.Read(answer, "aarch64-linux", "prebuilt").Verdict.Obstacle!.ShouldStartWith(obstacle);

    [Theory]
    [InlineData("linux/arm64", false)]
    [InlineData("linux/aarch64", false)]
    [InlineData("linux/amd64", true)]
    public void Only_an_engine_on_another_processor_emulates(string server, bool emulates)
    {
        var (engine, verdict) = ContainerCommand.Read($"engine=docker\nserver={server}\n", "aarch64-linux", "prebuilt");

        engine.ShouldBe("docker");
        verdict.Obstacle.ShouldBeNull();
        (verdict.Cost is not null).ShouldBe(emulates);
    }

    [Fact]
    public async Task The_real_client_of_this_machine_is_asked_and_what_it_says_is_passed_on()
    {
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);

        var answer = await hub.ForLooking("local:").RunAsync(ContainerCommand.Probe(null), default);

        // No engine runs where these tests run; whether a client is there differs.
        var (engine, verdict) = ContainerCommand.Read(answer.Text, "aarch64-linux", "prebuilt");
        verdict.Obstacle!.ShouldStartWith(engine.Length == 0 ? "Neither docker nor podman" : $"The container engine {engine} does not answer: ");
    }
}
