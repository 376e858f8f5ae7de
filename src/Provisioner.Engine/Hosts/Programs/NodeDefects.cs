using System.Collections.Immutable;

namespace Provisioner.Engine.Hosts.Programs;

/// <summary>What has to be set right in Node before a program runs.</summary>
internal static class NodeDefects
{
    /// <summary>
    /// The Node SDK tells of an error with util.inspect and colours. For them Node 20.20 looks for the end of a scoped module's name, and does not
    /// stop where a line of the stack ends first, as <c>node_modules/@pulumi/resource.ts:1687</c> does, which the SDK's source maps make: a program
    /// that throws took a minute and three gigabytes to say so.
    /// </summary>
    private const string PlainErrors =
        """
        import util from "node:util";
        util.inspect = new Proxy(util.inspect, {
          apply: (inspect, self, [value, options, ...rest]) =>
            Reflect.apply(inspect, self, value instanceof Error && options?.colors ? [value, { ...options, colors: false }] : [value, options, ...rest]),
        });
        """;

    /// <summary>Run by Node before the program.</summary>
    public static ImmutableArray<string> Arguments { get; } = ["--import", "data:text/javascript," + Uri.EscapeDataString(PlainErrors)];
}
