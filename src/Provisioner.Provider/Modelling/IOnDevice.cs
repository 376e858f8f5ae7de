namespace Provisioner.Provider.Modelling;

/// <summary>Arguments of a resource that lives on a device.</summary>
internal interface IOnDevice
{
    /// <summary><c>ssh://user@host:port?hostKey=SHA256:…</c>, as a Device gives it out, or <c>local:</c>.</summary>
    string Device { get; }
}
