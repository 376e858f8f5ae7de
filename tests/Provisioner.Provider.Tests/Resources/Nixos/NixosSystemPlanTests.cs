using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>What is planned for a system, as a preview prints it. Pure.</summary>
public sealed class NixosSystemPlanTests
{
    [Fact]
    public void A_first_installation_mounts_sends_builds_installs_and_verifies()
    {
        var plan = Plan(NixosPi.Bare);

        PlanText.Render(plan, "root@lamp").ShouldBe(
            """
            differs:
              mounts: not mounted: /mnt, /mnt/home, /mnt/nix, /mnt/var, /mnt/boot → mounted below /mnt (the system's file systems have to be mounted to be seen and written)
            would run on root@lamp:
              1. send the flake (what git tracks, from stdin) to /var/lib/provisioner/system/flake
              2. ask the flake who pi4 is for, what it mounts and whether we can log in afterwards; what does not fit is told at once, and ends it
              3. mount zroot/root, zroot/home, zroot/nix, zroot/var and the boot partition below /mnt
              4. install NixOS, as a job that goes on without a connection:
                 a. nix build …#nixosConfigurations.pi4.config.system.build.toplevel
                 b. nixos-install --system … --root /mnt --no-channel-copy --no-root-passwd
                 c. let in whoever is let in here: copy the authorized keys of root, where the system has none
                 d. write the host id, where the flake sets none
                 e. verify the profile, the closure, the boot files and all that they name
                 f. note what the system was made from
            """);
        plan.Sends.ShouldBe(0);
        plan.Asks.ShouldBe(1);
    }

    [Fact]
    public void A_system_that_is_whole_is_left_alone_on_the_card_and_on_the_SSD()
    {
        Plan(NixosPi.Made).Changes.ShouldBeEmpty();
        Plan(NixosPi.Running).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Another_system_that_is_asked_for_is_a_change_although_the_state_was_read_for_the_one_before()
    {
        var state = NixosPi.State(NixosPi.Running);

        foreach (var other in new[] { NixosPi.Args with { Attribute = "other" }, NixosPi.Args with { Flake = "/other" }, NixosPi.Args with { Flake = null, StorePath = NixosPi.Next } })
        {
            NixosSystemPlanner.Plan(other, state).Changes.ShouldHaveSingleItem().Path.ShouldBe("wantedOf");
        }

        NixosSystemPlanner.Plan(NixosPi.Args with { Attribute = "other" }, NixosPi.State(NixosPi.Running) with { WantedOf = null }).Changes.ShouldBeEmpty("it was read before this was noted");
    }

    [Fact]
    public void After_a_restart_of_the_card_the_system_is_mounted_and_installed_again()
    {
        var plan = Plan(NixosPi.Bare with { System = NixosPi.Bare.System with { Target = null } });

        plan.Steps[2].Sentence.ShouldStartWith("mount ");
        plan.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void Another_installation_is_made_from_the_card_and_refused_while_the_device_runs_from_what_is_installed()
    {
        var second = NixosPi.Args with { Installation = "second" };
        NixosSystemPlan Of(DeviceFacts facts, string? installation) => NixosSystemPlanner.Plan(second, NixosPi.State(NixosPi.OfInstallation(facts, installation)));

        var anew = Of(NixosPi.Made, "first");
        anew.Changes.ShouldHaveSingleItem().ToString().ShouldBe("installation: first → second (another installation begins with an empty file system)");
        anew.Steps.Select(step => step.Sentence.Split(' ')[0]).ShouldBe(["send", "ask", "mount", "install"]);
        anew.Refusals.ShouldBeEmpty();
        var refused = Of(NixosPi.Running, null);
        refused.Steps.ShouldBeEmpty();
        refused.Refusals.ShouldHaveSingleItem().Next!.ShouldContain("boot it from its card");
        Of(NixosPi.Running, "second").Changes.ShouldBeEmpty();
        NixosSystemPlanner.Plan(NixosPi.Args, NixosPi.State(NixosPi.OfInstallation(NixosPi.Running, "first"))).Changes.ShouldBeEmpty("nobody asks for another one");
    }

    [Fact]
    public void A_changed_flake_is_built_switched_to_under_the_watchdog_and_kept_last()
    {
        var plan = NixosSystemPlanner.Plan(NixosPi.Args, NixosPi.State(NixosPi.Running, "n3w#pi4"));

        PlanText.Render(plan, "root@lamp").ShouldBe(
            """
            differs:
              wanted: d1ge57#pi4 → n3w#pi4 (the flake has changed since the system was built; generation 4 comes after 3)
            would run on root@lamp:
              1. send the flake (what git tracks, from stdin) to /var/lib/provisioner/system/flake
              2. ask the flake who pi4 is for, what it mounts and whether we can log in afterwards; what does not fit is told at once, and ends it
              3. build the new system, as a job that goes on without a connection:
                 a. nix build …#nixosConfigurations.pi4.config.system.build.toplevel
                 b. tell which services the switch would stop and start (dry-activate)
              4. arm a watchdog on the device: unless we come back within 300 s, it returns to the system that runs now, if need be by a restart
              5. switch to the new system, detached; the boot files stay as they are until we have come back
              6. wait until the device has switched, or has gone back
              7. come back over a new connection, see that what kept the device within reach still runs, and disarm the watchdog
              8. when it has another kernel, initrd or words for the kernel: restart into it once (tryboot), while the boot files lead to the system before
              9. see over a new connection what it has started, and put profile and boot files back when that is not the new system
              10. set the system profile, keep the last 4 generations, and write the boot files for the next start
            """);
    }

    [Fact]
    public void The_confirmation_asks_for_a_connection_of_its_own_and_waits_until_after_the_device_went_back()
    {
        var confirm = NixosSystemPlanner.Plan(NixosPi.Args, NixosPi.State(NixosPi.Running, "n3w#pi4")).Steps[6].Script!;

        confirm.FreshLink.ShouldBeTrue();
        confirm.DialPatience.ShouldNotBeNull().TotalSeconds.ShouldBeGreaterThan(NixosPi.Args.RollbackAfter + 300);
    }

    [Fact]
    public void What_runs_what_the_profile_says_and_what_was_made_are_told_apart()
    {
        var booted = NixosPi.Running with { System = NixosPi.Running.System with { Current = NixosPi.Next } };
        Plan(booted).Changes.ShouldHaveSingleItem().ToString().ShouldBe($"running: {NixosPi.Next} → {NixosPi.Top} (the device runs another system than its profile says)");
        Plan(booted).Steps.Select(step => step.Sentence).ShouldContain($"switch to {NixosPi.Top}, detached; the boot files stay as they are until we have come back");

        var set = NixosPi.Running with { System = NixosPi.Running.System with { Running = NixosPi.Whole with { Profile = NixosPi.Next, Generation = 4 } } };
        var plan = Plan(set);
        plan.Changes.Select(change => change.Path).ShouldBe(["profile", "running"]);
        plan.Steps.Select(step => step.Sentence.Split(' ')[0]).ShouldBe(["when", "see", "set"]);
    }

    [Fact]
    public void A_switch_that_nobody_confirmed_is_settled_first()
    {
        var plan = Plan(NixosPi.Running with { System = NixosPi.Running.System with { Unconfirmed = "1234, to /nix/store/x", Current = NixosPi.Next } });

        plan.Steps[0].Sentence.ShouldStartWith("let the device undo a switch that was begun and never confirmed (1234");
        plan.Changes.ShouldContain(change => change.Path == "unconfirmed");
    }

    [Fact]
    public void Whatever_speaks_against_it_is_said_at_once_and_nothing_is_begun()
    {
        var refusal = Plan(NixosPi.Bare with { ZfsModule = null, Tools = ["tar"], Clock = DateTimeOffset.UnixEpoch.AddDays(3) }).Refusals.ShouldHaveSingleItem();

        var text = refusal.ToString();
        text.ShouldContain("up will refuse to install the system");
        text.ShouldContain("3 things speak against it");
        text.ShouldContain("zfs: the ZFS module is not loaded");
        text.ShouldContain("tools: the device has no nix, no nixos-install, no zpool");
        text.ShouldContain("clock: the device's clock says 1970-01-04");
    }

    [Fact]
    public void Another_host_id_of_a_running_system_is_a_warning_and_no_change_that_would_come_back_each_time()
    {
        var plan = Plan(NixosPi.Running with { System = NixosPi.Running.System with { Running = NixosPi.Whole with { HostId = "00000001" } } });

        plan.Changes.ShouldBeEmpty();
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("networking.hostId");
    }

    [Fact]
    public void A_system_that_another_machine_builds_is_brought_and_then_installed_or_switched_to_like_any_other()
    {
        var desired = NixosPi.Args with { Builder = NixosSystemBuilder.Ssh, BuilderHost = "ssh://me@desktop" };

        var first = NixosSystemPlanner.Plan(desired, NixosPi.State(NixosPi.Bare));
        PlanText.Render(first, "root@lamp").ShouldEndWith(
            """
              1. have Nix on me@desktop build the system from the flake (what git tracks), and bring it:
                 a. ask the flake who pi4 is for, what it mounts and whether we can log in afterwards; what does not fit is told at once, and ends it
                 b. nix build …#nixosConfigurations.pi4.config.system.build.toplevel
                 c. send what the device lacks of it; a lost connection costs one part of it
              2. mount zroot/root, zroot/home, zroot/nix, zroot/var and the boot partition below /mnt
              3. install NixOS, as a job that goes on without a connection:
                 a. nixos-install --system … --root /mnt --no-channel-copy --no-root-passwd
                 b. let in whoever is let in here: copy the authorized keys of root, where the system has none
                 c. write the host id, where the flake sets none
                 d. verify the profile, the closure, the boot files and all that they name
                 e. note what the system was made from
            """);
        first.Sends.ShouldBe(0);
        first.Steps[0].Script.ShouldBeNull("the flake is not sent to the device");

        var had = desired with { Flake = null, StorePath = NixosPi.Next };
        NixosSystemPlanner.Plan(had, NixosPi.State(NixosPi.Running, "n3w#pi4")).Steps[0].Sentence.ShouldBe(
            $"bring {NixosPi.Next} from Nix on me@desktop:\n     a. send what the device lacks of it; a lost connection costs one part of it");

        var update = NixosSystemPlanner.Plan(desired, NixosPi.State(NixosPi.Running, "n3w#pi4"));
        update.Steps.Select(step => step.Title.Split(' ')[0]).Take(4).ShouldBe(["have", "look", "arm", "switch"]);
        update.Steps[1].Job!.Steps.ShouldHaveSingleItem().Name.ShouldBe("dryrun");
    }

    [Fact]
    public void A_builder_is_named_with_what_it_takes()
    {
        Problems(NixosPi.Args with { Builder = NixosSystemBuilder.Local, NixOptions = NixosPi.Args.NixOptions.Add("max-jobs", "1") }).ShouldBeEmpty();
        Problems(NixosPi.Args with { Builder = NixosSystemBuilder.Ssh }).ShouldHaveSingleItem().ShouldContain("is required with builder \"ssh\"");
        Problems(NixosPi.Args with { BuilderHost = "ssh://me@desktop" }).ShouldHaveSingleItem().ShouldContain("another one than \"ssh\"");
        Problems(NixosPi.Args with { Builder = NixosSystemBuilder.Ssh, BuilderHost = "me@desktop" }).ShouldHaveSingleItem().ShouldContain("cannot be read");
        Problems(NixosPi.Args with { Flake = null, StorePath = NixosPi.Top, Builder = NixosSystemBuilder.Local }).ShouldBeEmpty("a system that another machine has");
        Problems(NixosPi.Args with { NixOptions = NixosPi.Args.NixOptions.Add("--impure", "1") }).ShouldHaveSingleItem().ShouldContain("'--impure', which is no setting of Nix");
    }

    [Fact]
    public void A_store_path_is_fetched_without_a_flake_being_sent()
    {
        var desired = NixosPi.Args with { Flake = null, StorePath = NixosPi.Next };
        var plan = NixosSystemPlanner.Plan(desired, NixosSystemObserver.Observe(desired, $"path:{NixosPi.Next}", NixosPi.Running, NixosPi.Now));

        plan.Sends.ShouldBe(-1);
        plan.Steps[0].Job!.Steps.Select(step => step.Name).ShouldBe(["build", "dryrun"]);
        plan.Steps[0].Job!.Steps[0].Script.Source.ShouldContain($"build {NixosPi.Next} --out-link");
    }

    [Fact]
    public void Deleting_leaves_the_system_where_it_is() =>
        new NixosSystemHandler(new Provider.Remote.SharedInspection<DeviceFacts>((_, _) => throw new InvalidOperationException()))
            .PlanDelete(NixosPi.Args, NixosPi.State(NixosPi.Running)).Steps.ShouldBeEmpty();

    private static IEnumerable<string> Problems(NixosSystemArgs args) => NixosSystemRules.All.Select(rule => rule.Problem(args)).OfType<string>();

    private static NixosSystemPlan Plan(DeviceFacts facts) => NixosSystemPlanner.Plan(NixosPi.Args, NixosPi.State(facts));
}
