using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Building;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem.Configuration;

namespace Provisioner.Provider.Resources.NixosSystem.Elsewhere;

/// <summary>
/// Has another machine build a system, or hand one over that it has, and brings it into the device's store through our own
/// connections: the two need not reach each other. What the device has already is not sent, so whatever ends it, the next run goes on from there.
/// </summary>
/// <param name="desired">What is wanted.</param>
/// <param name="builder">The other machine.</param>
/// <param name="flake">The flake; null for a system that is built already.</param>
/// <param name="check">Compares what the other machine says about the flake with the device.</param>
/// <param name="context">The devices.</param>
internal sealed class SystemFromElsewhere(NixosSystemArgs desired, NixBuilder builder, FlakeArchive? flake, ConfigurationCheck check, IOperationContext context)
{
    // Much of a system on a slow card; a connection that says nothing is given up long before.
    private static readonly TimeSpan PartDeadline = TimeSpan.FromHours(2);

    // The device, or its access point, may be away for a while.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>How often a connection may break without anything having arrived in between.</summary>
    private const int MostBreaks = 3;

    private string ByHand => $"the same can be tried by hand in the flake's folder: nix build {ShellQuoting.Quote($"path:.#{desired.SystemPath}.config.system.build.toplevel")}";

    /// <exception cref="SystemBuildException">Nix did not build it; the end of its log is the reason.</exception>
    /// <exception cref="ProviderException">The flake is for another device, or one of the two machines is away.</exception>
    public async Task RunAsync(IRemote device, CancellationToken cancellation)
    {
        if (flake is not null)
        {
            var seen = await BuilderAsync(Evaluation.OfStdin(desired), script => script with { Stdin = flake.ToPayload() }, "evaluate the flake", ByHand, cancellation);
            await check.RequireAsync(desired, seen.Text, device, context, cancellation);
        }

        var closure = await BuildAsync(cancellation);
        await SendAsync(closure, device, cancellation);
        await DeviceAsync(device, Script.Of(InstallScripts.Take(desired, closure.Top)) with { Idempotent = true, Deadline = Patience }, cancellation);
    }

    private async Task<Closure> BuildAsync(CancellationToken cancellation)
    {
        var built = desired.StorePath is { } path
            ? await BuilderAsync(ElsewhereScripts.Have(desired, path), script => script, $"find {path}", $"look there whether it has it: nix path-info {path}", cancellation)
            : await BuilderAsync(ElsewhereScripts.Build(desired), script => script with { Stdin = flake!.ToPayload() }, "build the system", ByHand, cancellation);
        try
        {
            return Closure.Parse(built.Text);
        }
        catch (FormatException odd)
        {
            throw new SystemBuildException($"{builder.Display} has something else than a system", odd) { Where = builder.Display, Why = odd.Message };
        }
    }

    private async Task SendAsync(Closure closure, IRemote device, CancellationToken cancellation)
    {
        var begun = context.Time.GetTimestamp();
        var missing = await MissingAsync(closure, device, cancellation);
        var (lacked, total) = (missing.Count, closure.SizeOf(missing));
        var breaks = 0;
        while (missing.Count > 0)
        {
            var loss = await SendPartsAsync(closure, missing, total, begun, device, cancellation);
            var left = await MissingAsync(closure, device, cancellation);
            breaks = left.Count < missing.Count ? 0 : breaks + 1;
            if (left.Count > 0 && (loss is null || breaks > MostBreaks))
            {
                throw loss ?? (ProviderException)new SystemBuildException("The device does not keep what it is sent of the system")
                {
                    Where = device.Address.Display,
                    Why = $"nix-store --import ended well, and {left.Count} store paths are not there, such as {left.First()}",
                    Next = "look at its disk and at nix-store --verify on the device",
                };
            }

            missing = left;
        }

        context.Info($"{closure.Top} comes from {builder.Display}: " + (lacked == 0
            ? $"the device had all of its {closure.Paths.Length} store paths already"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"of its {closure.Paths.Length} store paths the device lacked {lacked} with {total / 1e6:0.##} MB, sent in {JobProgress.Duration(context.Time.GetElapsedTime(begun))}")));
    }

    /// <summary>Sends part by part until all are there, or the device is lost: then that is returned.</summary>
    private async Task<ProviderException?> SendPartsAsync(Closure closure, HashSet<string> missing, long total, long begun, IRemote device, CancellationToken cancellation)
    {
        var folder = WorkFolder();
        try
        {
            var arrived = total - closure.SizeOf(missing);
            foreach (var part in closure.Parts(missing))
            {
                Tell(arrived, total, context.Time.GetElapsedTime(begun));
                var file = Path.Combine(folder, "part");
                await FetchAsync(part, file, cancellation);
                try
                {
                    await device.RunAsync(
                        Script.Of(ElsewhereScripts.Import) with { Stdin = Payload.Streamed(new FileInfo(file).Length, () => File.OpenRead(file)), Deadline = PartDeadline, Idempotent = true },
                        cancellation);
                }
                catch (Exception lost) when (lost is DeviceLinkLostException or DeviceUnreachableException)
                {
                    context.Status("the connection was lost; what has arrived of the system stays");
                    context.Debug(lost.Message);
                    return (ProviderException)lost;
                }

                arrived += part.Sum(path => path.Size);
            }

            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string WorkFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("provisioner-system-").FullName;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            throw new SystemBuildException("There is no place here for the parts of a system on their way", full)
            {
                Where = Path.GetTempPath(),
                Why = full.Message,
                Next = "make room there, or have TMPDIR name another folder",
            };
        }
    }

    private async Task FetchAsync(ImmutableArray<StorePath> part, string file, CancellationToken cancellation)
    {
        await using var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        await BuilderAsync(
            ElsewhereScripts.Export,
            script => script with { Stdin = Lines(part.Select(path => path.Path)), Sink = bytes => target.Write(bytes.Span) },
            "hand the system on",
            "look at its store there: nix-store --verify --check-contents",
            cancellation);
    }

    private async Task<HashSet<string>> MissingAsync(Closure closure, IRemote device, CancellationToken cancellation)
    {
        var answer = await DeviceAsync(device, Script.Looking(ElsewhereScripts.Missing) with { Stdin = Lines(closure.Paths.Select(path => path.Path)), Deadline = Patience }, cancellation);
        return answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What may be run twice is run again when the connection is lost.</summary>
    private async Task<ScriptResult> DeviceAsync(IRemote device, Script script, CancellationToken cancellation)
    {
        try
        {
            return await device.RunAsync(script, cancellation);
        }
        catch (Exception lost) when (lost is DeviceLinkLostException or DeviceUnreachableException)
        {
            context.Debug(lost.Message);
            return await device.RunAsync(script with { DialPatience = Patience }, cancellation);
        }
    }

    private async Task<ScriptResult> BuilderAsync(Shell text, Func<Script, Script> settings, string what, string next, CancellationToken cancellation)
    {
        try
        {
            return await builder.RunAsync(text, settings, context, cancellation);
        }
        catch (ScriptFailedException failure)
        {
            throw new SystemBuildException($"{builder.Display} did not {what}", failure)
            {
                Where = builder.Display,
                Why = failure.ExitCode is null ? $"{failure.What}: {failure.Why}" : failure.Why,
                Next = next,
            };
        }
    }

    private void Tell(long arrived, long total, TimeSpan elapsed)
    {
        var toGo = arrived > 0 ? $", about {JobProgress.Duration(elapsed * ((double)(total - arrived) / arrived))} to go" : "";
        context.Status(string.Create(CultureInfo.InvariantCulture, $"sending the system: {arrived / 1e6:0} of {total / 1e6:0} MB, {JobProgress.Duration(elapsed)}{toGo}"));
    }

    private static Payload Lines(IEnumerable<string> lines) => Payload.Plain(string.Concat(lines.Select(line => line + "\n")));
}

/// <summary>Another machine did not build a system, or the device did not keep it.</summary>
public sealed class SystemBuildException(string what, Exception? inner = null) : ProviderException("system.build", Grpc.Core.StatusCode.Aborted, what, inner);
