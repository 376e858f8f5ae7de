using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>Generated devices through the whole way from the inspection's text to the steps: no wrong disk is ever written.</summary>
public sealed partial class DiskGuardProperties
{
    private const int Worlds = 12_000;

    [Fact]
    public void No_wrong_disk_is_ever_written()
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = RandomWorld.Create(new Random(seed));
            var state = DiskObserver.Observe(world.Args, null, world.Facts);
            var args = world.Args with { Consent = Consent(world, state) };

            var plan = DiskPlanner.Plan(args, state);

            Judge(world, state, plan).ShouldBeNull($"seed {seed}: {world}");
            foreach (var word in new[] { world.Link.ToString(), world.Bearer.ToString(), world.Use.ToString(), world.Content.ToString(), world.Agreement.ToString() }
                         .Append(Runs(plan) ? "something runs" : "nothing runs"))
            {
                reached[word] = reached.GetValueOrDefault(word) + 1;
            }
        }

        foreach (var word in Enum.GetNames<Link>().Concat(Enum.GetNames<Bearer>()).Concat(Enum.GetNames<Use>()).Concat(Enum.GetNames<Content>()).Concat(Enum.GetNames<Agreement>()).Append("something runs"))
        {
            reached.GetValueOrDefault(word).ShouldBeGreaterThan(Worlds / 200, word);
        }
    }

    /// <summary>What the world is like decides, not what the provider made of it. Null when all is well.</summary>
    private static string? Judge(RandomWorld world, DiskState state, DiskPlan plan)
    {
        if (!Runs(plan))
        {
            return MustRun(world) ? $"it should have been made, but: {string.Join('\n', plan.Refusals.Select(refusal => refusal.ToString()))}" : null;
        }

        var scripts = plan.Steps.Select(step => step.Script!.Text.Source).ToList();
        var erases = scripts.Any(script => Erasing().IsMatch(script));
        var makes = scripts.Any(script => script.Contains("mkfs.vfat", StringComparison.Ordinal));
        return world.Link != Link.Right ? "the name does not lead to the right disk"
            : world.Bearer != Bearer.Right ? "the serial number is not proven"
            : (erases || makes) && world.Use != Use.Nobody ? "a disk in use is erased"
            : erases && world.Content is not (Content.Blank or Content.LayoutBegun) && world.Agreement != Agreement.Fits ? "a disk is erased without consent"
            : makes && world.Content is Content.OursForeignEsp && world.Agreement != Agreement.Fits ? "a file system is made anew without consent"
            : world.Content == Content.Ours ? "nothing is to be done about this disk"
            : scripts.Any(script => !script.Contains($"/dev/disk/by-id/{DiskWorld.Id}", StringComparison.Ordinal) || KernelName().IsMatch(script)) ? "a script names a disk otherwise than by its id"
            : plan.Steps.Any(step => !step.Rechecks) || !(Contains(scripts[0], state.Found.Digest) || Contains(scripts[0], state.Found.BlankDigest)) ? "a step does not look again"
            : null;
    }

    private static bool Contains(string script, string? digest) => digest is not null && script.Contains(digest, StringComparison.Ordinal);

    private static bool Runs(DiskPlan plan) => plan.Refusals.IsEmpty && !plan.Steps.IsEmpty;

    private static bool MustRun(RandomWorld world) => world is { Link: Link.Right, Bearer: Bearer.Right, Use: Use.Nobody }
        && (world.Content is Content.Blank or Content.LayoutBegun or Content.OursUnfinished or Content.OursRenamed || (world.Content != Content.Ours && world.Agreement == Agreement.Fits));

    private static ImmutableSortedDictionary<string, string> Consent(RandomWorld world, DiskState state)
    {
        var esp = state.Found.Partitions.FirstOrDefault(partition => partition.Id == DiskWorld.Layout.EspId);
        var subject = world.Content == Content.OursForeignEsp && esp is not null ? DiskConsent.OfEsp(state, esp) : DiskConsent.OfDisk(state);
        var token = world.Agreement switch
        {
            Agreement.Fits => world.Content == Content.WipeBegun ? RandomWorld.BegunUnder(state) : ConsentToken.Of(subject),
            Agreement.WasForOtherContent => ConsentToken.Of(subject with { Facts = subject.Facts.Add(new ConsentFact("more", "photos")) }),
            Agreement.WasForAnotherDisk => ConsentToken.Of(subject with { Key = "S0", Facts = [ConsentFact.Identity("serial", "S0")] }),
            _ => null,
        };
        return token is null ? DiskWorld.Args.Consent : DiskWorld.Args.Consent.Add(DiskWorld.Serial, token);
    }

    [GeneratedRegex("dd if=/dev/zero|sgdisk --clear|disko --mode")]
    private static partial Regex Erasing();

    // What a script names by itself; the functions that read any disk have patterns only.
    [GeneratedRegex("/dev/(sd|nvme|mmcblk|md|dm-|mapper)")]
    private static partial Regex KernelName();
}
