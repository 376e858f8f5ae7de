using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Building;

/// <summary>A machine with Nix, as far as it decides on a build.</summary>
/// <param name="Machine">As uname says it: <c>Linux x86_64</c>.</param>
/// <param name="Nix">Nix's version line; null when there is no Nix.</param>
/// <param name="System">What Nix builds natively, such as <c>x86_64-linux</c>.</param>
/// <param name="ExtraPlatforms">What Nix takes to be able to run besides.</param>
/// <param name="HasBuilders">Whether it may hand a build to other machines.</param>
/// <param name="Emulators">Foreign machines that the kernel starts an emulator for.</param>
internal sealed record BuilderFacts(string Machine, string? Nix, string System, ImmutableArray<string> ExtraPlatforms, bool HasBuilders, ImmutableArray<string> Emulators)
{
    private const string Cost =
        "every instruction of the other processor is translated: what takes minutes natively takes hours, and a kernel does not come to its end in two hours on 24 cores. "
        + "Quicker: builder \"container\" on a Mac with Apple silicon, builder \"ssh\" with an ARM machine, or builder ";

    /// <summary>Asks a machine.</summary>
    public static Script Probe(ImmutableSortedDictionary<string, string> options) => Script.Looking(Shell.Of(
        $"""
        {NixBuilder.Path}
        echo "machine=$(uname -sm)"
        for emulator in /proc/sys/fs/binfmt_misc/qemu-*; do
            [ ! -e "$emulator" ] || ! grep -qx enabled "$emulator" || echo "emulator=$(basename "$emulator")"
        done
        [ ! -s /etc/nix/machines ] || echo machines=yes
        command -v nix >/dev/null || exit 0
        echo "nix=$(nix --version)"
        set -- --extra-experimental-features 'nix-command flakes' {NixBuilder.Words(options)}
        nix "$@" config show 2>/dev/null || nix "$@" show-config
        echo "store=$(nix "$@" store info --json 2>/dev/null || nix "$@" store ping --json 2>/dev/null)"
        """)) with { NeedsRoot = false };

    /// <summary>Whether it takes caches from us; null where it does not say, as before Nix 2.15.</summary>
    public bool? IsTrusted { get; init; }

    /// <summary>The caches that it has by itself.</summary>
    public ImmutableArray<string> Substituters { get; init; } = [];

    /// <summary>Reads the answer.</summary>
    public static BuilderFacts Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        string Of(string name) => lines.Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(pair => pair[0] == name) is [_, var value] ? value : string.Empty;
        return new BuilderFacts(
            Of("machine"),
            Of("nix") is { Length: > 0 } nix ? nix : null,
            Of("system"),
            [.. Of("extra-platforms").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Of("builders") switch { "" => false, "@/etc/nix/machines" => Of("machines") == "yes", _ => true },
            [.. lines.Where(line => line.StartsWith("emulator=qemu-", StringComparison.Ordinal)).Select(line => line["emulator=qemu-".Length..])])
        {
            IsTrusted = Trust(Of("store")),
            Substituters = [.. Of("substituters").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        };
    }

    /// <summary>Nix has written it as a number, and as a truth since.</summary>
    private static bool? Trust(string store) =>
        store.Contains("\"trusted\":0", StringComparison.Ordinal) || store.Contains("\"trusted\":false", StringComparison.Ordinal) ? false
        : store.Contains("\"trusted\":1", StringComparison.Ordinal) || store.Contains("\"trusted\":true", StringComparison.Ordinal) ? true
        : null;

    /// <summary>What it means for a build.</summary>
    /// <param name="target">Such as <c>aarch64-linux</c>.</param>
    /// <param name="where">For people: "this machine".</param>
    /// <param name="instead">The builder that needs no Nix here or there, such as <c>prebuilt</c>.</param>
    public BuilderVerdict For(string target, string where, string instead)
    {
        var verdict = Judge(target, where, instead);
        return verdict.Obstacle is null && IsTrusted == false && !Substituters.Any(cache => cache.TrimEnd('/') == Caches.RaspberryPi)
            ? verdict with { Cost = verdict.Cost is null ? Untrusted(where) : $"{verdict.Cost}; and {Untrusted(where)}" }
            : verdict;
    }

    /// <summary>A daemon passes over what a user whom it does not trust asks for, and says so only in the middle of a build.</summary>
    private static string Untrusted(string where) =>
        $"Nix on {where} takes no caches from us, because its daemon does not trust the user: what they have, such as the kernel of a Pi, would be compiled; "
        + $"put into /etc/nix/nix.conf there, and restart nix-daemon: extra-substituters = {Caches.RaspberryPi} and, on a line of its own, extra-trusted-public-keys = {Caches.RaspberryPiKey}";

    private BuilderVerdict Judge(string target, string where, string instead)
    {
        if (Nix is null)
        {
            return new BuilderVerdict($"Nix is not on {where}", $"install it there, or use another builder: container, ssh or {instead}", null);
        }

        if (System == target)
        {
            return new BuilderVerdict(null, null, null);
        }

        var processor = target.Split('-')[0];
        if (ExtraPlatforms.Contains(target))
        {
            return new BuilderVerdict(null, null, $"{where} is {Machine}, and {target} is built there under emulation: {Cost}\"{instead}\"");
        }

        if (HasBuilders)
        {
            return new BuilderVerdict(null, null, null);
        }

        return Emulators.Contains(processor)
            ? new BuilderVerdict(
                $"Nix on {where} builds for {System} only",
                $"the kernel there has an emulator for {processor}, slow as it is: allow it with nixOptions {{ \"extra-platforms\": \"{target}\" }}; or use builder \"container\" on a Mac with Apple silicon, \"ssh\" or \"{instead}\"",
                null)
            : new BuilderVerdict(
                $"{where} is {Machine} and runs nothing for {target}",
                $"use builder \"container\" on a Mac with Apple silicon, \"ssh\" with an ARM machine, or \"{instead}\"",
                null);
    }
}

/// <summary>Whether a build can run, and what it costs.</summary>
/// <param name="Obstacle">Null when it can.</param>
/// <param name="Remedy">What to do about the obstacle.</param>
/// <param name="Cost">What a person must know before it starts; null for an ordinary build.</param>
internal sealed record BuilderVerdict(string? Obstacle, string? Remedy, string? Cost);
