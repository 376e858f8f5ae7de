using System.Collections.Immutable;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>A card, or a file in its place, written on the machine that this runs on.</summary>
/// <param name="inspection">One reading of this machine's disks, shared by all.</param>
/// <param name="inspect">Reads them anew.</param>
/// <param name="fillRandom">Random bytes that nobody can guess.</param>
internal sealed class SdCardHandler(
    SharedInspection<DeviceFacts> inspection, Func<IRemote, CancellationToken, Task<DeviceFacts>> inspect, Action<Span<byte>> fillRandom)
    : ResourceHandler<SdCardArgs, SdCardState, SdCardPlan>
{
    private const string ThisMachine = "local:";
    private const int KeyBytes = 32;

    protected override ImmutableArray<Rule<SdCardArgs>> Rules => SdCardRules.All;

    protected override async Task<SdCardState?> ObserveAsync(SdCardArgs desired, SdCardState? known, IOperationContext context, CancellationToken cancellation)
    {
        foreach (var secret in desired.IdentityOf().DerivedSecrets())
        {
            context.Hide(secret);
        }

        var key = known?.DigestKey ?? NewKey();
        var found = await FindAsync(desired, known, key, context, isFresh: false, held: null, cancellation);
        return (known ?? new SdCardState { Target = desired.Target, DigestKey = key }) with { Found = found };
    }

    protected internal override SdCardPlan Plan(SdCardArgs desired, SdCardState? actual) =>
        SdCardPlanner.Plan(desired, actual ?? new SdCardState { Target = desired.Target, DigestKey = new string('0', 2 * KeyBytes) });

    /// <summary>A card is left as it is; that it holds secrets is said.</summary>
    protected internal override SdCardPlan PlanDelete(SdCardArgs desired, SdCardState actual) => actual.Found.Presence == CardPresence.Card
        ? new SdCardPlan { Warnings = [$"{actual.Found.Description} stays as it is, and with it the host key and the WiFi keys on it: wipe it yourself when it is not needed any more"] }
        : new SdCardPlan();

    protected internal override Expected<SdCardState> Expect(SdCardArgs desired, SdCardState? actual)
    {
        var plan = Plan(desired, actual);
        var state = Written(desired, actual ?? new SdCardState { Target = desired.Target, DigestKey = "" });
        ImmutableArray<string> unknown =
        [
            .. actual is null || actual.IdentityDigest.Length == 0 ? [nameof(SdCardState.DigestKey)] : ImmutableArray<string>.Empty,
            .. plan.WritesIdentity ? [nameof(SdCardState.IdentityDigest), nameof(SdCardState.FileMark), nameof(SdCardState.Found)] : ImmutableArray<string>.Empty,
            .. plan.WritesImage ? [nameof(SdCardState.Bytes), nameof(SdCardState.ContentDigest)] : ImmutableArray<string>.Empty,
        ];
        return new Expected<SdCardState>(state, unknown);
    }

    protected internal override string IdOf(SdCardArgs desired, SdCardState state) => desired.Serial ?? desired.Target;

    protected override async Task<SdCardState> ApplyAsync(SdCardArgs desired, SdCardState? actual, SdCardPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        var before = actual ?? throw new InvalidOperationException("A card is always looked at before it is written.");
        if (!plan.WritesIdentity)
        {
            return Written(desired, before) with { IdentityDigest = before.Found.Presence == CardPresence.Away ? before.IdentityDigest : before.Found.IdentityDigest };
        }

        var archive = CardArchive.Write(desired.IdentityOf());
        await using var image = plan.WritesImage ? ImageSource.Open(desired.ImagePathOf()) : null;
        var target = desired.TargetOf();
        SdCardState state;
        using (var medium = CardWork.Open(target))
        {
            await RequireSameAsync(desired, before, medium, context, cancellation);
            var written = await new CardWork(medium, desired, before, context).RunAsync(image, archive, cancellation);
            state = Written(desired, before) with
            {
                IdentityDigest = CardArchive.Digest(before.DigestKey, archive),
                Bytes = written.Bytes,
                ContentDigest = written.ContentDigest,
                FileMark = medium is FileMedium file ? FileCards.MarkOf(file.Handle) : "",
            };
        }

        await TellKernelAsync(target, context, cancellation);
        return state with { Found = await FindAsync(desired, state, state.DigestKey, context, isFresh: true, held: null, cancellation) };
    }

    private static SdCardState Written(SdCardArgs desired, SdCardState before) => before with
    {
        Target = desired.Target,
        ImageSha256 = desired.Sha256Of(),
        Hostname = desired.Hostname,
        Fingerprint = desired.FingerprintOf(),
        Networks = [.. desired.Networks.Select(network => network.Ssid)],
        Bytes = before.Bytes > 0 ? before.Bytes : before.Found.ImageBytes,
    };

    /// <summary>
    /// The last look in front of the first byte: what was agreed to is still what is there. It is taken while the medium is held, and
    /// of what is held, so that nothing can take its place afterwards.
    /// </summary>
    private async Task RequireSameAsync(SdCardArgs desired, SdCardState before, IMedium medium, IOperationContext context, CancellationToken cancellation)
    {
        var now = await FindAsync(desired, before, before.DigestKey, context, isFresh: true, medium, cancellation);
        if (now.Path != before.Found.Path || now.Digest != before.Found.Digest || now.Presence != before.Found.Presence || now.FileMark != before.Found.FileMark || !now.Forbidden.IsEmpty)
        {
            throw new RefusedDestructiveException("It was refused in the last moment, and nothing was written")
            {
                Where = now.Path,
                Why = string.Join('\n', ["what is there is not any more what the plan was made for", .. now.Forbidden, .. now.Facts.Select(fact => $"{fact.Name}: {fact.Value}")]),
                Next = "run the preview: it shows what is there now",
            };
        }
    }

    private async Task<CardFound> FindAsync(SdCardArgs desired, SdCardState? known, string key, IOperationContext context, bool isFresh, IMedium? held, CancellationToken cancellation)
    {
        var target = desired.TargetOf();
        if (target.Problem is { } problem)
        {
            return new CardFound { Presence = CardPresence.Other, Path = target.Path, Key = Path.GetFileName(target.Path), Description = target.Path, Forbidden = [$"it {problem}"] };
        }

        if (!target.IsDisk)
        {
            var found = FileCards.Find(target, known, key, (held as FileMedium)?.Handle, cancellation);
            return found.Presence == CardPresence.Unfinished && !await IsBareAsync(target, context, cancellation) ? found with { Presence = CardPresence.Other } : found;
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new NotSupportedHereException("Cards are written to disks on Linux only so far")
            {
                Where = desired.Target,
                Next = "give the path of an image file as \"target\", and write that to the card with the tool of your system",
            };
        }

        var machine = context.Remote(ThisMachine);
        var facts = isFresh ? await inspect(machine, cancellation) : await inspection.GetAsync(machine, cancellation);
        var disk = held as LinuxDisk;
        return DiskCards.Find(desired, facts.Disks, facts.Vdevs, key, path => disk is null ? DiskCards.Read(path) : CardContents.Read(disk.Handle), target, disk?.Identity);
    }

    /// <summary>Whether a file that begins as a card that we did not finish has become nothing else: no partition table, no signature of anything.</summary>
    private static async Task<bool> IsBareAsync(CardTarget target, IOperationContext context, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        // 2 is blkid's word for nothing.
        var look = Script.Looking(Shell.Of($"r=0\nblkid -p {target.Path} >/dev/null 2>&1 || r=$?\necho \"$r\"")) with { NeedsRoot = false };
        return (await context.Remote(ThisMachine).RunAsync(look, cancellation)).Text.Trim() == "2";
    }

    /// <summary>The kernel reads the new table, and whatever was read of this machine before is old.</summary>
    private static async Task TellKernelAsync(CardTarget target, IOperationContext context, CancellationToken cancellation)
    {
        if (target.IsDisk)
        {
            var script = Script.Of(Shell.Of($"blockdev --rereadpt {target.Path} 2>/dev/null || :\nif command -v udevadm >/dev/null 2>&1; then udevadm settle --timeout=10 || :; fi")) with { Idempotent = true };
            await context.Remote(ThisMachine).RunAsync(script, cancellation);
        }
    }

    private string NewKey()
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        fillRandom(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
