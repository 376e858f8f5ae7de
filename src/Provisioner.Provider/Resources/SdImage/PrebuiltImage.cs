using System.Globalization;
using System.Security.Cryptography;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>A ready image out of the network.</summary>
internal static class PrebuiltImage
{
    private const int Piece = 1 << 20;

    /// <summary>Fetches it into a file, and is not content with another one than was named.</summary>
    /// <exception cref="ImageSourceException">It cannot be had, or has another SHA-256; the file is gone then.</exception>
    public static async Task FetchAsync(Uri address, string sha256, string path, IOperationContext context, CancellationToken cancellation)
    {
        try
        {
            using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw Unfetched(address, $"the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}", null);
            }

            await using var source = await answer.Content.ReadAsStreamAsync(cancellation);
            var digest = await SaveAsync(source, answer.Content.Headers.ContentLength, path, context, cancellation);
            if (!string.Equals(digest, sha256, StringComparison.OrdinalIgnoreCase))
            {
                File.Delete(path);
                throw Other(address.ToString(), digest, sha256);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unfetched(address, failure.Message, failure);
        }
    }

    /// <summary>Another image than was named.</summary>
    public static ImageSourceException Other(string where, string found, string wanted) => new("The image is another one than was named")
    {
        Where = where,
        Why = $"its SHA-256 is {found}, and {wanted.ToLowerInvariant()} was given",
        Next = "find out which of the two is right, from where the image was published; do not just copy the one that was found",
    };

    private static async Task<string> SaveAsync(Stream source, long? size, string path, IOperationContext context, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true);
        var buffer = new byte[Piece];
        var done = 0L;
        while (await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is var count and > 0)
        {
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            done += count;
            context.Status(string.Create(CultureInfo.InvariantCulture, $"fetching: {done / 1e6:0} MB{(size is { } all ? $" of {all / 1e6:0} MB" : string.Empty)}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ImageSourceException Unfetched(Uri address, string why, Exception? inner) => new("The image cannot be fetched", inner)
    {
        Where = address.ToString(),
        Why = why,
        Next = "check the address, or fetch the image yourself and give its path as source",
    };
}
