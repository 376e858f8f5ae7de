namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>How sure it is that a finding is a secret. What is certain or likely is not sent; what is possible is told.</summary>
internal enum SecretCertainty
{
    /// <summary>Its form is one that nothing but a secret has.</summary>
    Certain,

    /// <summary>A text stands where a secret belongs, and it is neither a reference nor what examples say.</summary>
    Likely,

    /// <summary>It may well be an example, a default, or something else altogether.</summary>
    Possible,
}
