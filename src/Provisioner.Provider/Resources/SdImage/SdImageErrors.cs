using Grpc.Core;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>Nix did not build the image.</summary>
public sealed class ImageBuildException(string what, Exception? inner = null) : ProviderException("image.build", StatusCode.Aborted, what, inner);

/// <summary>A ready image could not be had, or is another one than was named.</summary>
public sealed class ImageSourceException(string what, Exception? inner = null) : ProviderException("image.source", StatusCode.FailedPrecondition, what, inner);

/// <summary>The image would not do on the device.</summary>
public sealed class ImageUnfitException(string what) : ProviderException("image.unfit", StatusCode.FailedPrecondition, what);
