using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Pulumi.Runtime;

/// <summary>
/// What is known about where an exception comes from. It is noted beside the exception, in exception filters, so that the
/// program sees its own exceptions untouched.
/// </summary>
internal sealed class Blame
{
    private static readonly ConditionalWeakTable<Exception, Blame> Notes = [];
    private static readonly AsyncLocal<Blame?> Around = new();

    private Blame()
    {
    }

    /// <summary>What the code that is running works on: set while a function is applied to an output, for all that it sets going.</summary>
    public static Blame? Surroundings => Around.Value;

    /// <summary>The resources whose outputs, or whose registration, it came up with.</summary>
    public ImmutableHashSet<Resource> Resources { get; private set; } = [];

    /// <summary>Whether a secret was at hand, so that the exception's message may quote it.</summary>
    public bool NearSecret { get; private set; }

    /// <summary>To be called in an async method only, so that the surroundings end with it.</summary>
    public static void Enter(ImmutableHashSet<Resource> resources, bool nearSecret) => Around.Value = new Blame
    {
        Resources = resources.IsEmpty ? Surroundings?.Resources ?? [] : resources,
        NearSecret = nearSecret || Surroundings is { NearSecret: true },
    };

    public static Blame? Of(Exception exception) => Notes.TryGetValue(exception, out var blame) ? blame : null;

    /// <summary>For exception filters: takes a note and lets the exception pass. What is noted first is nearest to the cause.</summary>
    /// <returns>Always false.</returns>
    public static bool Note(Exception exception, ImmutableHashSet<Resource> resources, bool nearSecret)
    {
        var blame = Notes.GetValue(exception, _ => new Blame());
        lock (blame)
        {
            blame.Resources = blame.Resources.IsEmpty ? resources : blame.Resources;
            blame.NearSecret |= nearSecret;
        }

        return false;
    }
}
