using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

public sealed partial class SshServer
{
    internal RemoteOptions Options => new() { PrivateKeyFile = Key, UseAgent = false };
}
