namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>What kind of secret a place holds.</summary>
internal enum SecretKind
{
    /// <summary>What a device joins a network with: psk, passphrase, SAE or WEP key, 802.1X password.</summary>
    WifiPassword,

    /// <summary>A private key in PEM's, OpenSSH's, PGP's or PuTTY's armour.</summary>
    PrivateKey,

    /// <summary>A key that decrypts what age or sops has encrypted.</summary>
    AgeKey,

    /// <summary>A tunnel's private key, or the key that its two ends share.</summary>
    WireGuardKey,

    /// <summary>The secret half of the key that signs store paths.</summary>
    NixSigningKey,

    /// <summary>What a service lets programs in with.</summary>
    Token,

    /// <summary>A password that is no network's.</summary>
    Password,
}

/// <summary>Where a secret was found.</summary>
internal enum SecretPlace
{
    /// <summary>In a file that git keeps.</summary>
    Tracked,

    /// <summary>In a file that git does not know.</summary>
    Untracked,

    /// <summary>In a file that git was told to ignore: <c>path:</c> copies it into the store all the same.</summary>
    Ignored,

    /// <summary>In a file of a folder that is no git repository.</summary>
    Unversioned,

    /// <summary>In a file as some commit has it.</summary>
    Committed,
}
