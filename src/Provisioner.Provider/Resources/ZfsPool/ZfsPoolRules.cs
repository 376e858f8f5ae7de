using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>What can be wrong with the inputs of a pool.</summary>
internal static class ZfsPoolRules
{
    public static ImmutableArray<Rule<ZfsPoolArgs>> All { get; } =
    [
        Rule<ZfsPoolArgs>.Of(args => ZfsNames.PoolProblem(args.Name), nameof(ZfsPoolArgs.Name)),
        Rule<ZfsPoolArgs>.Of(args => args.Devices.Select(PoolMembers.Problem).FirstOrDefault(problem => problem is not null), nameof(ZfsPoolArgs.Devices)),
        Rule<ZfsPoolArgs>.Of(CountProblem, nameof(ZfsPoolArgs.Devices), nameof(ZfsPoolArgs.Layout)),
        Rule<ZfsPoolArgs>.Of(args => ZfsNames.PropertiesProblem(args.Properties, PoolProperties.Known, PoolProperties.Elsewhere), nameof(ZfsPoolArgs.Properties)),
        Rule<ZfsPoolArgs>.Of(
            args => ZfsNames.PropertiesProblem(args.FileSystemProperties, FileSystemProperties.Known, FileSystemProperties.Elsewhere), nameof(ZfsPoolArgs.FileSystemProperties)),
    ];

    private static string? CountProblem(ZfsPoolArgs args)
    {
        if (args.Devices.Distinct(StringComparer.Ordinal).Count() != args.Devices.Length)
        {
            return "has a device twice";
        }

        var fewest = args.Layout switch { ZfsLayout.Single => 1, ZfsLayout.Mirror => 2, ZfsLayout.Raidz1 => 2, ZfsLayout.Raidz2 => 3, _ => 4 };
        return args.Devices.Length >= fewest ? null : $"must have at least {fewest} device{(fewest == 1 ? "" : "s")} for layout \"{PoolDrift.Word(args.Layout)}\", but has {args.Devices.Length}";
    }
}
