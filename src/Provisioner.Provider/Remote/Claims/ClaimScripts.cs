using System.Text;

namespace Provisioner.Provider.Remote.Claims;

/// <summary>
/// The device's side of a claim: a file in /run, which a restart empties, with the operator's token, the uptime at the last sign
/// of life, the name and the begin, a line each. Uptimes, because a Pi's clock may be set meanwhile.
/// </summary>
internal static class ClaimScripts
{
    /// <summary>What <see cref="Hold"/> exits with when another operator holds the device; it prints the name and the begin.</summary>
    public const int Held = 24;

    private const string File = "/run/provisioner-operator";

    /// <summary>Two that come at the same moment are let in one by one; where there is no flock, a moment of a shell's length stays open.</summary>
    private static Shell Alone { get; } = Shell.Of(
        $$"""
        f={{File}}
        if command -v flock >/dev/null 2>&1; then exec 9>"$f.lock"; flock -w 5 9; fi
        """);

    /// <summary>Takes the device, or says once more that it is held. Who does comes on stdin, so that the script is the same for everybody.</summary>
    /// <param name="by">Who.</param>
    /// <param name="since">When this operator took it first, for people.</param>
    /// <param name="lease">How long a claim lasts without a sign of life.</param>
    public static Script Hold(Operator by, string since, TimeSpan lease) => Script.Of(
        $$"""
        IFS= read -r own; IFS= read -r own_name; IFS= read -r own_since
        {{Alone}}
        lease={{(long)lease.TotalSeconds}}
        IFS=' .' read -r now _ </proc/uptime
        if { IFS= read -r token; IFS= read -r at; IFS= read -r name; IFS= read -r since; } 2>/dev/null <"$f" && [ "$token" != "$own" ]; then
        case $at in ''|*[!0-9]*|??????????*) at=0 ;; esac
        if [ "$at" -le "$now" ] && [ $((now - at)) -lt "$lease" ]; then
        printf '%s\n' "$name" "$since"
        exit {{Held}}
        fi
        fi
        printf '%s\n' "$own" "$now" "$own_name" "$own_since" >"$f.new"
        mv -f "$f.new" "$f"
        """) with { Stdin = Payload.Of(Encoding.UTF8.GetBytes($"{by.Token}\n{by.Name}\n{since}\n")), Changes = false, Idempotent = true, ExitCodes = [0, Held] };

    /// <summary>Lets go of it, if it is still this operator's.</summary>
    public static Script Release(Operator by) => Script.Of(
        $$"""
        IFS= read -r own
        {{Alone}}
        if IFS= read -r token 2>/dev/null <"$f" && [ "$token" = "$own" ]; then rm -f "$f"; fi
        """) with { Stdin = Payload.Of(Encoding.UTF8.GetBytes($"{by.Token}\n")), Changes = false, Idempotent = true };
}
