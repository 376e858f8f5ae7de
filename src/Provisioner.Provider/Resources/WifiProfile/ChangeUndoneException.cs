using Grpc.Core;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>The device undid a change by itself, and is as it was before it.</summary>
public sealed class ChangeUndoneException(string what) : ProviderException("change.undone", StatusCode.Aborted, what);
