using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>
/// Looks at the Pi past the WiFi and past everything that is to be shown, over the virtual Pi's service port; and meddles
/// with it, as somebody would who logs in by hand.
/// </summary>
internal sealed class Onlooker(PiMachine machine)
{
    /// <summary>What is looked at after every proof.</summary>
    /// <param name="profile">The path of the WiFi profile.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Glance> GlanceAsync(string profile, CancellationToken cancellation)
    {
        var seen = await AskAsync(
            $"""
            echo "$(findmnt -no SOURCE,FSTYPE /)"
            echo "$(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d ' ' -f 2)"
            echo "$(readlink /run/current-system /nix/var/nix/profiles/system | tr '\n' ' ')"
            echo "$(nmcli -g GENERAL.CON-UUID device show wlan0)"
            echo "$(stat -c '%F %a %U %G' '{profile}' 2>/dev/null)"
            echo "$(sha256sum <'{profile}')"
            """,
            cancellation);
        return seen.Split('\n') is [var root, var hostKey, var systems, var through, var file, var digest, ..]
            ? new Glance(root.Trim(), hostKey, systems.Trim(), through.Trim(), file, digest)
            : throw new ProofFailedException($"the Pi said\n{seen}");
    }

    /// <summary>The argument lists, environments and world-readable files of the Pi's system that hold one of the texts, a line each.</summary>
    public async Task<string> FindAsync(IEnumerable<string> secrets, CancellationToken cancellation)
    {
        // The texts come by stdin, so that the search does not find itself.
        var found = await machine.RunAsync(
            """
            pattern=$(mktemp); chmod 600 "$pattern"; cat >"$pattern"
            grep -laFf "$pattern" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null
            find /etc /var /run /tmp /root -xdev -type f -perm /044 -size -4M ! -path "$pattern" -exec grep -laFf "$pattern" {} + 2>/dev/null
            rm -f "$pattern"
            """,
            string.Concat(secrets.Select(secret => secret + "\n")),
            cancellation);
        return found.Output.Trim();
    }

    /// <summary>Makes a pool on a disk, with a file and a snapshot in it, and exports it, as if the disk came from another machine.</summary>
    /// <param name="disk">It is wiped.</param>
    /// <param name="pool">The pool's name on the disk.</param>
    /// <param name="meanwhile">Its name while it is made: two pools of one name cannot be in use at once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task MakePoolAsync(PiDisk disk, string pool, string meanwhile, CancellationToken cancellation)
    {
        var temporary = pool == meanwhile ? string.Empty : $"-t {meanwhile} ";
        return AskAsync(
            $"""
            set -e
            disk=/dev/disk/by-id/{disk.ById}
            udevadm wait --timeout=60 "$disk"
            wipefs -qa "$disk"
            zpool create -f {temporary}-O mountpoint=/run/{meanwhile} {pool} "$disk"
            head -c 3000000 /dev/urandom >/run/{meanwhile}/pictures
            zfs snapshot {meanwhile}@last
            zpool export {meanwhile}
            udevadm settle
            sync
            """,
            cancellation);
    }

    /// <summary>When a byte of the disk was last written, seen from outside: in the file that is its content. What the Pi has not handed to it yet is not in there before a <c>sync</c>.</summary>
    public DateTime LastWritten(PiDisk disk) => File.GetLastWriteTimeUtc(machine.Status().Disks.Single(known => known.Disk.Serial == disk.Serial).File);

    /// <summary>What a command prints, run by hand; it must succeed.</summary>
    public async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        var result = await machine.RunAsync(command, null, cancellation);
        ProofFailedException.Unless(result.ExitCode == 0, $"`{command}` on the Pi ended with exit code {result.ExitCode}: {result.Error.Trim()}");
        return result.Output;
    }
}

/// <summary>What somebody sees who logs in and looks around.</summary>
/// <param name="Root">What / is mounted from, and its kind, such as <c>zroot/root zfs</c>.</param>
/// <param name="HostKey">Its fingerprint.</param>
/// <param name="Systems">The system that runs and the one that the profile names; empty where there is none.</param>
/// <param name="Through">The UUID of the profile that the WiFi chip is connected through; empty for none.</param>
/// <param name="Profile">Type, mode, owner and group of the WiFi profile, as <c>regular file 600 root root</c>; empty when there is none.</param>
/// <param name="ProfileDigest">SHA-256 of what is in it.</param>
internal sealed record Glance(string Root, string HostKey, string Systems, string Through, string Profile, string ProfileDigest);
