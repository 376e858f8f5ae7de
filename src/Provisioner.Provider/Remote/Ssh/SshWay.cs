using Renci.SshNet;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>A port of this machine that leads through a connection to another machine's port.</summary>
internal sealed class SshWay(SshLink carrier, ForwardedPortLocal forward) : IDisposable
{
    /// <summary>Where to dial.</summary>
    public string Host => forward.BoundHost;

    /// <summary>Where to dial.</summary>
    public int Port => (int)forward.BoundPort;

    /// <summary>Ends the connection that carries it, and with it the port.</summary>
    public void Dispose()
    {
        carrier.Dispose();
        forward.Dispose();
    }
}
