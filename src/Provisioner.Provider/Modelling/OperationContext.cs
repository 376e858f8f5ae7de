using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Modelling;

/// <summary>What an operation may use of the world: the devices, the clock, and people's attention.</summary>
internal interface IOperationContext
{
    /// <summary>The resource's URN; empty for the provider itself.</summary>
    string Urn { get; }

    /// <summary>The last part of the URN.</summary>
    string Name { get; }

    /// <summary>Nothing may be changed.</summary>
    bool IsPreview { get; }

    /// <summary>Time, injected.</summary>
    TimeProvider Time { get; }

    /// <summary>
    /// The device at an address (<c>ssh://…?hostKey=…</c> or <c>local:</c>), waited for as long as suits this operation:
    /// briefly while looking, longer while changing. No I/O happens before its first use.
    /// </summary>
    /// <exception cref="Errors.InputInvalidException">The address is malformed.</exception>
    IRemote Remote(string device);

    /// <summary>A secret value that came up on the way (derived, or made here): it is removed from everything that leaves.</summary>
    void Hide(string secret);

    /// <summary>A line for developers, shown with <c>--verbose</c>.</summary>
    void Debug(string message);

    /// <summary>A line below the resource.</summary>
    void Info(string message);

    /// <summary>A warning below the resource.</summary>
    void Warn(string message);

    /// <summary>A status line, replaced by the next one.</summary>
    void Status(string message);
}
