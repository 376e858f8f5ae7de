using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>
/// Takes out of a file what is encrypted in it. Only that: a file that sops leaves half in clear is read where it is in clear.
/// </summary>
internal sealed partial class EncryptedText
{
    private bool _isBinary;
    private bool _inValue;
    private int _sealedFrom = -1;

    /// <summary>The line without what is encrypted in it.</summary>
    /// <param name="line">A line, or a piece of a long one.</param>
    /// <param name="number">From 1.</param>
    /// <param name="isNew">Whether it is no continued line.</param>
    public string InClear(string line, int number, bool isNew)
    {
        // A file of age's or git-crypt's own format is encrypted to its end.
        if (number <= 1 && isNew)
        {
            _isBinary = line.StartsWith("age-encryption.org/v1", StringComparison.Ordinal) || line is "GITCRYPT";
        }

        // git-crypt's magic begins with a NUL, which ends a line here.
        _isBinary |= number <= 2 && line == "GITCRYPT";
        if (_isBinary)
        {
            return string.Empty;
        }

        if (_inValue && !isNew)
        {
            var end = line.IndexOf(']', StringComparison.Ordinal);
            if (end < 0)
            {
                return string.Empty;
            }

            line = line[(end + 1)..];
        }

        line = Value().Replace(line, "ENC[]");
        _inValue = Open().IsMatch(line);
        line = _inValue ? Open().Replace(line, "ENC[]") : line;
        return IsSealed(line) || Credential().IsMatch(line) ? string.Empty : line;
    }

    // What a sealed secret of Kubernetes has under encryptedData.
    private bool IsSealed(string line)
    {
        var indent = line.Length - line.TrimStart().Length;
        if (_sealedFrom >= 0 && line.Trim().Length > 0 && indent <= _sealedFrom)
        {
            _sealedFrom = -1;
        }

        if (SealedData().IsMatch(line))
        {
            _sealedFrom = indent;
        }

        return _sealedFrom >= 0 && SealedValue().IsMatch(line);
    }

    [GeneratedRegex(@"ENC\[(?:AES256_GCM|PKCS7|GPG)[^\]]*\]")]
    private static partial Regex Value();

    [GeneratedRegex(@"ENC\[(?:AES256_GCM|PKCS7|GPG)[^\]]*$")]
    private static partial Regex Open();

    // systemd-creds encrypt -p
    [GeneratedRegex(@"^\s*SetCredentialEncrypted\s*=")]
    private static partial Regex Credential();

    [GeneratedRegex(@"^\s*""?encryptedData""?:\s*\{?\s*$")]
    private static partial Regex SealedData();

    [GeneratedRegex(@"^\s*""?[\w.-]+""?:\s*[""']?Ag[A-Za-z0-9+/=]{100,}[""']?,?\s*$")]
    private static partial Regex SealedValue();
}
