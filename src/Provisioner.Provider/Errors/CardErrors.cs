using Grpc.Core;

namespace Provisioner.Provider.Errors;

/// <summary>A card does not keep what is written to it.</summary>
public sealed class CardDamagedException(string what) : ProviderException("card.damaged", StatusCode.Aborted, what);

/// <summary>A card, or the file in its place, cannot be opened or written.</summary>
public sealed class CardAccessException(string what, Exception? inner = null) : ProviderException("card.access", StatusCode.FailedPrecondition, what, inner);
