using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>What makes a machine this machine. Lives in the state alone.</summary>
/// <param name="fillRandom">Random bytes that nobody can guess.</param>
internal sealed class HostIdentityHandler(Action<Span<byte>> fillRandom) : ResourceHandler<HostIdentityArgs, HostIdentityState, HostIdentityPlan>
{
    public override bool RefreshBeforeUpdate => false;

    protected override ImmutableArray<Rule<HostIdentityArgs>> Rules { get; } =
    [
        Rule<HostIdentityArgs>.Of(args => HostName.Problem(args.Hostname), nameof(HostIdentityArgs.Hostname)),
        Rule<HostIdentityArgs>.Of(args => args.HostId is null ? null : HostIdentity.HostId.Problem(args.HostId), nameof(HostIdentityArgs.HostId)),
        Rule<HostIdentityArgs>.Of(args => args.PrivateKey is null ? null : HostKey.Parse(args.PrivateKey, "").Reason, nameof(HostIdentityArgs.PrivateKey)),
    ];

    protected override Task<HostIdentityState?> ObserveAsync(
        HostIdentityArgs desired, HostIdentityState? known, IOperationContext context, CancellationToken cancellation) => Task.FromResult(known);

    protected internal override HostIdentityPlan Plan(HostIdentityArgs desired, HostIdentityState? actual) => HostIdentityPlan.Of(desired, actual);

    protected internal override HostIdentityPlan PlanDelete(HostIdentityArgs desired, HostIdentityState actual) => new();

    protected internal override Expected<HostIdentityState> Expect(HostIdentityArgs desired, HostIdentityState? actual)
    {
        if (actual is not null && !Plan(desired, actual).MakesKey)
        {
            return new Expected<HostIdentityState>(actual with { Hostname = desired.Hostname, PublicKey = WithComment(actual.PublicKey, desired.Hostname), HostId = desired.HostId ?? actual.HostId });
        }

        // A key that the user brings is known beforehand, and so is its fingerprint.
        var brought = desired.PrivateKey is { } own ? HostKey.Parse(own, Comment(desired.Hostname)).Key : null;
        var state = new HostIdentityState
        {
            Hostname = desired.Hostname,
            Rotate = desired.Rotate,
            PrivateKey = brought?.PrivateKey ?? "",
            PublicKey = brought?.PublicKey ?? "",
            Fingerprint = brought?.Fingerprint ?? "",
            HostId = HostIdOf(desired, actual) ?? "",
        };
        ImmutableArray<string> hostId = HostIdOf(desired, actual) is null ? [nameof(HostIdentityState.HostId)] : [];
        return brought is null
            ? new Expected<HostIdentityState>(
                state, [nameof(HostIdentityState.PrivateKey), nameof(HostIdentityState.PublicKey), nameof(HostIdentityState.Fingerprint), .. hostId])
            : new Expected<HostIdentityState>(state, hostId);
    }

    protected internal override string IdOf(HostIdentityArgs desired, HostIdentityState state) => state.Fingerprint;

    protected override Task<HostIdentityState> ApplyAsync(
        HostIdentityArgs desired, HostIdentityState? actual, HostIdentityPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        if (!plan.MakesKey && actual is not null)
        {
            return Task.FromResult(actual with { Hostname = desired.Hostname, PublicKey = WithComment(actual.PublicKey, desired.Hostname), HostId = desired.HostId ?? actual.HostId });
        }

        var comment = Comment(desired.Hostname);
        var key = desired.PrivateKey is { } own && HostKey.Parse(own, comment).Key is { } brought ? brought : HostKey.Generate(fillRandom, comment);
        context.Hide(key.PrivateKey);
        return Task.FromResult(new HostIdentityState
        {
            Hostname = desired.Hostname,
            Rotate = desired.Rotate,
            PrivateKey = key.PrivateKey,
            PublicKey = key.PublicKey,
            Fingerprint = key.Fingerprint,
            HostId = HostIdOf(desired, actual) ?? HostIdentity.HostId.Generate(fillRandom),
        });
    }

    /// <summary>Without one that is given, only a rotation makes a new host id: a pool remembers it.</summary>
    private static string? HostIdOf(HostIdentityArgs desired, HostIdentityState? actual) => desired.HostId ?? (actual is not null && actual.Rotate == desired.Rotate ? actual.HostId : null);

    private static string Comment(string hostname) => $"root@{hostname}";

    private static string WithComment(string publicKey, string hostname) => string.Join(' ', [.. publicKey.Split(' ').Take(2), Comment(hostname)]);
}
