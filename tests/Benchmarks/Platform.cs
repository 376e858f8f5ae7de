using System.Runtime.Versioning;

// It runs sh and reads /proc: Linux only.
[assembly: SupportedOSPlatform("linux")]
