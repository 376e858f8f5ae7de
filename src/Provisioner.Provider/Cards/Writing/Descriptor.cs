using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// Opens on Linux what a path leads to, in two steps: first a hold on it that can do nothing (O_PATH), of which the kernel is asked
/// what it is, then that very thing, whatever the path leads to by then. So a FIFO is never waited for, and a device that takes a
/// file's name in between is not opened.
/// </summary>
internal static class Descriptor
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 0x2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NotThere = 2;
    public const int Busy = 16;

    private const int TryAgain = 11;
    private const int CloseOnExec = 0x80000;
    private const int PathOnly = 0x200000;
    private const int Lock = 2 | 4;
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int WriteLease = 1;
    private const int NoLease = 2;

    // Ignored by every process that does not ask for it.
    private const int HarmlessSignal = 23;

    // Other numbers on each family of processors.
    public static int Direct => IsArm ? 0x10000 : 0x4000;

    private static int NoFollow => IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>Opens it when it is of this kind; else there is no handle, and the kernel's number of the error, or none when the kind is another.</summary>
    public static (SafeFileHandle? Handle, int Error) Open(string path, NodeKind kind, int flags)
    {
        var (hold, error) = Raw(path, PathOnly | NoFollow, 0);
        if (hold is null)
        {
            return (null, error);
        }

        using (hold)
        {
            return Node.Of(hold).Kind != kind ? (null, 0) : Again(hold, flags);
        }
    }

    /// <summary>Opens once more what a handle leads to.</summary>
    public static (SafeFileHandle? Handle, int Error) Again(SafeFileHandle handle, int flags) => Raw($"/proc/self/fd/{handle.DangerousGetHandle()}", flags, 0);

    /// <summary>Makes a file that only its owner may read and that was not there.</summary>
    public static (SafeFileHandle? Handle, int Error) Make(string path) => Raw(path, ReadWrite | Create | Exclusive | NoFollow, 0x180);

    /// <summary>Takes the lock that programs of this kind ask for before they open a file.</summary>
    public static bool TryLock(SafeFileHandle handle) => Native.Flock(handle, Lock) == 0;

    /// <summary>Whether another process, a loop device or the kernel has the file open to write it. A lease is granted only when nobody has.</summary>
    public static bool IsOpenElsewhere(SafeFileHandle handle)
    {
        _ = Native.Control(handle, SetSignal, HarmlessSignal);
        if (Native.Control(handle, SetLease, WriteLease) == 0)
        {
            _ = Native.Control(handle, SetLease, NoLease);
            return false;
        }

        return Marshal.GetLastPInvokeError() == TryAgain;
    }

    private static (SafeFileHandle? Handle, int Error) Raw(string path, int flags, int mode)
    {
        var descriptor = Native.Open(path, flags | CloseOnExec, mode);
        return descriptor < 0 ? (null, Marshal.GetLastPInvokeError()) : (new SafeFileHandle(descriptor, ownsHandle: true), 0);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

        [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Flock(SafeFileHandle handle, int operation);

        [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Control(SafeFileHandle handle, int command, nint argument);
    }
}
