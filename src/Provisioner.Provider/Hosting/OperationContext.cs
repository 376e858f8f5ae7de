using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Claims;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>One call's view of the session.</summary>
/// <param name="session">What all calls share.</param>
/// <param name="urn">The resource; empty for the provider.</param>
/// <param name="isPreview">Nothing may be changed.</param>
/// <param name="isChanging">The call is there to change something, and waits longer for a device.</param>
internal sealed class OperationContext(ProviderSession session, string urn, bool isPreview, bool isChanging) : IOperationContext
{
    public string Urn => urn;

    public string Name => urn.Split("::", 4) is { Length: 4 } parts ? parts[3] : urn;

    public bool IsPreview => isPreview;

    public TimeProvider Time => session.Time;

    /// <summary>What the call cost.</summary>
    public Tally Tally { get; } = new();

    public IRemote Remote(string device) =>
        isChanging && !isPreview ? session.Hub.ForChanging(device, Tally, Operator.Of(urn)) : session.Hub.ForLooking(device, Tally);

    public void Hide(string secret) => session.Redactor.Learn(secret);

    public void Debug(string message) => session.Log?.Write(LogSeverity.Debug, urn, message);

    public void Info(string message) => session.Log?.Write(LogSeverity.Info, urn, message);

    public void Warn(string message) => session.Log?.Write(LogSeverity.Warning, urn, message);

    public void Status(string message) => session.Log?.Write(LogSeverity.Info, urn, message, isStatus: true);
}
