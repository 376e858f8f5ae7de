using System.Runtime.Versioning;

// These tests run sshd, sh and /proc: Linux only.
[assembly: SupportedOSPlatform("linux")]
