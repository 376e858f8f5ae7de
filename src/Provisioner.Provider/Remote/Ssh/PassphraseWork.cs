using System.Globalization;
using System.Numerics;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// How much work an encrypted private key asks for before its passphrase proves right or wrong. The file says it itself, in a number of
/// 32 bits and more, and the library believes it: there are files that take years, or more memory than there is.
/// </summary>
internal static class PassphraseWork
{
    // ssh-keygen takes 24 rounds, openssl 2,048 iterations or N=16384, and puttygen 8 MiB; people who are careful take ten times that.
    private const uint MostRounds = 1000;
    private const long MostIterations = 10_000_000;
    private const long MostScrypt = 1 << 21;
    private const long MostKibibytes = 1 << 18;
    private const long MostPasses = 1 << 22;
    private const long MostLanes = 64;

    private static readonly DerObjectIdentifier Scrypt = new("1.3.6.1.4.1.11591.4.11");

    /// <summary>What is too much, as a clause; null where the work is within reason, or the file says nothing of it.</summary>
    public static string? Excess(ReadOnlySpan<byte> file)
    {
        return (OpenSshKeyForm.Rounds(file) is > MostRounds and var rounds ? $"its passphrase asks for {rounds} rounds of bcrypt, and at most {MostRounds} are made" : null)
            ?? OfPkcs8(file)
            ?? OfPutty(Encoding.ASCII.GetString(file));
    }

    private static string? OfPkcs8(ReadOnlySpan<byte> file)
    {
        if (Armour.Body(file, "ENCRYPTED PRIVATE KEY") is not { } body)
        {
            return null;
        }

        try
        {
            var algorithm = EncryptedPrivateKeyInfo.GetInstance(body).EncryptionAlgorithm;
            var derivation = algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2) ? PbeS2Parameters.GetInstance(algorithm.Parameters).KeyDerivationFunc : algorithm;
            var numbers = Asn1Sequence.GetInstance(derivation.Parameters).OfType<DerInteger>().Select(number => number.TryGetLongPositiveValueExact(out var value) ? value : long.MaxValue).ToList();
            return derivation.Algorithm.Equals(Scrypt)
                ? Product(numbers.Take(3)) > MostScrypt ? $"its passphrase asks for scrypt with {string.Join(", ", numbers.Take(3))}, and at most {MostScrypt} is made of their product" : null
                : numbers is [> MostIterations and var iterations, ..] ? $"its passphrase asks for {iterations} iterations, and at most {MostIterations} are made" : null;
        }
        // What is no such structure the library refuses by itself.
        catch (Exception failure) when (failure is ArgumentException or InvalidCastException or IOException or Asn1Exception)
        {
            return null;
        }
    }

    private static string? OfPutty(string text)
    {
        var (memory, passes, lanes) = (Number(text, "Argon2-Memory"), Number(text, "Argon2-Passes"), Number(text, "Argon2-Parallelism"));
        return memory > MostKibibytes || Product([memory, passes]) > MostPasses || lanes > MostLanes
            ? $"its passphrase asks for Argon2 with {memory} KiB, {passes} passes and {lanes} lanes, and at most {MostKibibytes} KiB, {MostPasses} KiB times passes, and {MostLanes} lanes are made"
            : null;
    }

    private static long Number(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line[name.Length..].TrimStart() is [':', .. var value])
            {
                return long.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : value.Trim().IsEmpty ? 0 : long.MaxValue;
            }
        }

        return 0;
    }

    private static BigInteger Product(IEnumerable<long> numbers) => numbers.Aggregate(BigInteger.One, (product, number) => product * number);
}
