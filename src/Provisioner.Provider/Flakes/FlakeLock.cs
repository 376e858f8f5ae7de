using Provisioner.Provider.Building;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Flakes;

/// <summary>The file in which Nix has written down which revisions a flake's inputs are. What a machine of ours pins is kept beside the flake, as Nix does with a flake that is built where it lies.</summary>
internal static class FlakeLock
{
    /// <summary>Its path in the flake's folder.</summary>
    public const string File = "flake.lock";

    /// <summary>Takes a flake from stdin, pins those of its inputs that are not yet, and prints the lock where it is another one then.</summary>
    /// <param name="nix">The command of Nix with its options.</param>
    public static Shell Make(Shell nix) => Shell.Of(
        $$"""
        {{NixBuilder.Unpack}}
        {{Remember}}
        {{nix}} flake lock "path:$work/flake" </dev/null >&2
        if {{IsNew}}; then cat "$work/flake/flake.lock"; fi
        """);

    /// <summary>Keeps the lock of <c>$work/flake</c> for <see cref="IsNew"/>.</summary>
    public static Shell Remember { get; } = Shell.Of($"sent=$(cat \"$work/flake/flake.lock\" 2>/dev/null) || sent=");

    /// <summary>A condition: there is a lock, and it is another one than was sent.</summary>
    public static Shell IsNew { get; } = Shell.Of($"[ -s \"$work/flake/flake.lock\" ] && [ \"$(cat \"$work/flake/flake.lock\")\" != \"$sent\" ]");

    /// <summary>The lock of a folder; null for none.</summary>
    public static byte[]? Of(FlakeFolder flake) => Path.Combine(flake.Folder, File) is var path && System.IO.File.Exists(path) ? System.IO.File.ReadAllBytes(path) : null;

    /// <summary>Writes a lock beside its flake, unless somebody has changed it meanwhile.</summary>
    /// <param name="flake">The flake.</param>
    /// <param name="sent">The lock that it had when it was sent; null for none.</param>
    /// <param name="made">The lock that was made of it.</param>
    /// <param name="context">People's attention.</param>
    /// <returns>Whether it was written.</returns>
    public static bool Keep(FlakeFolder flake, byte[]? sent, ReadOnlySpan<byte> made, IOperationContext context)
    {
        var path = Path.Combine(flake.Folder, File);
        try
        {
            if (!(Of(flake) ?? []).AsSpan().SequenceEqual(sent ?? []))
            {
                context.Warn($"{path} was changed while the flake's inputs were being pinned, and is left as it is");
                return false;
            }

            var beside = path + ".new";
            try
            {
                System.IO.File.WriteAllBytes(beside, made.ToArray());
                System.IO.File.Move(beside, path, overwrite: true);
            }
            finally
            {
                System.IO.File.Delete(beside);
            }

            context.Info($"the flake's inputs have been pinned: {path} is {(sent is null ? "new" : "completed")}, and belongs into git{(flake.Repository is null ? "" : $": git -C {flake.Folder} add {File}")}");
            return true;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            context.Warn($"the flake's inputs have been pinned for this time only, because {path} cannot be written: {denied.Message}");
            return false;
        }
    }
}
