using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>The steps of a profile that cannot cut the way in.</summary>
internal static class ProfileScripts
{
    // Leaves the running connection as it is: a changed profile counts from its next activation on.
    private static Shell ReloadLine { get; } = Shell.Of($"nmcli connection reload");

    /// <summary>Puts a keyfile in place: beside it first, then by one rename, so that at no moment there is half a file.</summary>
    public static Step Write(string path, Payload keyfile, bool reload) => new(
        $"write {path} (0600 root:root, from stdin){(reload ? ", and have NetworkManager read it" : "")}",
        Script.Of(Shell.Lines(
            SystemScript.IsBelowTarget(path) ? TargetSteps.IsMounted : Shell.Empty,
            WriteFile(path),
            reload ? ReloadLine : Shell.Empty)) with
        {
            Stdin = keyfile,
            Idempotent = true,
        });

    /// <summary>Writes what comes on stdin; <c>owner</c> other than root's is for tests that are not root.</summary>
    internal static Shell WriteFile(string path, string owner = "0:0") => Shell.Of(
        $$"""
        path={{path}}
        d=${path%/*}
        if [ ! -d "$d" ]; then mkdir -p "$d"; chmod 0700 "$d"; fi
        t="$d/.provisioner-$$"
        trap 'rm -f "$t"' EXIT
        cat >"$t"
        if [ "$(wc -c <"$t")" -ne "$stdin_bytes" ]; then echo 'the profile did not arrive whole' >&2; exit 65; fi
        chown {{owner}} "$t"
        chmod 0600 "$t"
        sync "$t" 2>/dev/null || sync
        if [ -d "$path" ]; then mv "$path" "$d/.provisioner-aside-$$"; fi
        mv -f "$t" "$path"
        sync "$d" 2>/dev/null || sync
        """);

    public static Step Reload() => new("have NetworkManager read its profiles again", Script.Of(ReloadLine) with { Idempotent = true });

    /// <summary>Removes our file; the plan has seen that it is ours.</summary>
    public static Step Remove(string path, bool reload) => new(
        $"remove {path}{(reload ? ", and have NetworkManager read its profiles again" : "")}",
        Script.Of(Shell.Lines(
            Shell.Of($"rm -f {path}"),
            reload ? ReloadLine : Shell.Empty)) with
        { Idempotent = true });

    /// <summary>A volatile file that hides ours by having its UUID; it stays beside, under a name that NetworkManager skips.</summary>
    public static Step MoveAside(string file) => new(
        $"rename {file} to {file}.hidden, because it hides the profile by having the same UUID",
        Script.Of(Shell.Lines(
            Shell.Of($"f={file}\nif [ -e \"$f\" ]; then mv -f \"$f\" \"$f.hidden\"; fi"),
            ReloadLine)) with
        { Idempotent = true });

    /// <summary>Another profile of the same network stays, but is not chosen by itself any more.</summary>
    public static Step Yield(ShadowingProfile other, bool live) => new(
        $"set connection.autoconnect to no in {other.File}, because NetworkManager would choose it instead (priority {other.Priority})",
        Script.Of(live && other.Uuid is { } uuid
            ? Shell.Of($"nmcli connection modify uuid {uuid} connection.autoconnect no")
            : EditAutoConnect(other.File)) with
        { Idempotent = true });

    /// <summary>The same for a system that does not run: the file itself is edited, with its mode and owner kept.</summary>
    internal static Shell EditAutoConnect(string file) => Shell.Of(
        $$"""
        f={{file}}
        t="${f%/*}/.provisioner-$$"
        trap 'rm -f "$t"' EXIT
        cp -p "$f" "$t"
        awk '/^[ \t]*\[/ { c = ($0 ~ /^[ \t]*\[connection\]/); print; if (c) print "autoconnect=false"; next }
        c && /^[ \t]*autoconnect[ \t]*=/ { next }
        { print }' "$f" >"$t"
        mv -f "$t" "$f"
        """);
}
