using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Pulumi.Runtime;

namespace Pulumi;

/// <summary>
/// The stack's configuration of one namespace, the project's own unless told otherwise.
/// <c>Get…</c> answers null for a key without a value, <c>Require…</c> fails then; <c>…Secret…</c> answers secret outputs.
/// A value that is not of the type asked for fails the run with a <see cref="RunException"/> that names the key.
/// </summary>
public sealed class Config
{
    private readonly string _namespace;
    private readonly ConfigValues _values;

    /// <param name="name">The namespace; the project's name when left out.</param>
    /// <exception cref="InvalidOperationException">No deployment is running.</exception>
    public Config(string? name = null)
    {
        var run = ProgramRun.Required;
        _values = run.Config;
        name ??= run.Settings.Project;
        _namespace = name.EndsWith(":config", StringComparison.Ordinal) ? name[..^":config".Length] : name;
    }

    /// <summary>A text.</summary>
    public string? Get(string key) => _values.Get(FullKey(key));

    /// <inheritdoc cref="Get"/>
    public Output<string>? GetSecret(string key) => Get(key) is { } value ? Output.CreateSecret(value) : null;

    /// <summary>A text that must be there.</summary>
    public string Require(string key) => Get(key) ?? throw Missing(key, isSecret: false);

    /// <inheritdoc cref="Require"/>
    public Output<string> RequireSecret(string key) => Output.CreateSecret(Get(key) ?? throw Missing(key, isSecret: true));

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? GetBoolean(string key) => ReadBoolean(key, isSecret: false);

    /// <inheritdoc cref="GetBoolean"/>
    public Output<bool>? GetSecretBoolean(string key) => ReadBoolean(key, isSecret: true) is { } value ? Output.CreateSecret(value) : null;

    /// <summary><c>true</c> or <c>false</c>, which must be there.</summary>
    public bool RequireBoolean(string key) => GetBoolean(key) ?? throw Missing(key, isSecret: false);

    /// <inheritdoc cref="RequireBoolean"/>
    public Output<bool> RequireSecretBoolean(string key) => Output.CreateSecret(ReadBoolean(key, isSecret: true) ?? throw Missing(key, isSecret: true));

    /// <summary>A whole number.</summary>
    public int? GetInt32(string key) => ReadInt32(key, isSecret: false);

    /// <inheritdoc cref="GetInt32"/>
    public Output<int>? GetSecretInt32(string key) => ReadInt32(key, isSecret: true) is { } value ? Output.CreateSecret(value) : null;

    /// <summary>A whole number that must be there.</summary>
    public int RequireInt32(string key) => GetInt32(key) ?? throw Missing(key, isSecret: false);

    /// <inheritdoc cref="RequireInt32"/>
    public Output<int> RequireSecretInt32(string key) => Output.CreateSecret(ReadInt32(key, isSecret: true) ?? throw Missing(key, isSecret: true));

    /// <summary>A number.</summary>
    public double? GetDouble(string key) => ReadDouble(key, isSecret: false);

    /// <inheritdoc cref="GetDouble"/>
    public Output<double>? GetSecretDouble(string key) => ReadDouble(key, isSecret: true) is { } value ? Output.CreateSecret(value) : null;

    /// <summary>A number that must be there.</summary>
    public double RequireDouble(string key) => GetDouble(key) ?? throw Missing(key, isSecret: false);

    /// <inheritdoc cref="RequireDouble"/>
    public Output<double> RequireSecretDouble(string key) => Output.CreateSecret(ReadDouble(key, isSecret: true) ?? throw Missing(key, isSecret: true));

    /// <summary>A structured value, read from its JSON.</summary>
    [return: MaybeNull]
    public T GetObject<T>(string key) => ReadObject<T>(key, isSecret: false, options: null);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    [return: MaybeNull]
    public T GetObject<T>(string key, JsonSerializerOptions options) => ReadObject<T>(key, isSecret: false, options);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    public Output<T>? GetSecretObject<T>(string key) => Get(key) is null ? null : Output.CreateSecret(ReadObject<T>(key, isSecret: true, options: null)!);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    public Output<T>? GetSecretObject<T>(string key, JsonSerializerOptions options) =>
        Get(key) is null ? null : Output.CreateSecret(ReadObject<T>(key, isSecret: true, options)!);

    /// <summary>A structured value that must be there, read from its JSON.</summary>
    public T RequireObject<T>(string key) => RequireObject<T>(key, isSecret: false, options: null);

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public T RequireObject<T>(string key, JsonSerializerOptions options) => RequireObject<T>(key, isSecret: false, options);

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public Output<T> RequireSecretObject<T>(string key) => Output.CreateSecret(RequireObject<T>(key, isSecret: true, options: null));

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public Output<T> RequireSecretObject<T>(string key, JsonSerializerOptions options) =>
        Output.CreateSecret(RequireObject<T>(key, isSecret: true, options));

    private bool? ReadBoolean(string key, bool isSecret) => Get(key) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var value => throw Malformed(key, value, isSecret, "true or false"),
    };

    private int? ReadInt32(string key, bool isSecret) => Get(key) is not { } value ? null
        : int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw Malformed(key, value, isSecret, $"a whole number from {int.MinValue} to {int.MaxValue}");

    private double? ReadDouble(string key, bool isSecret) => Get(key) is not { } value ? null
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Malformed(key, value, isSecret, "a number");

    private T? ReadObject<T>(string key, bool isSecret, JsonSerializerOptions? options)
    {
        if (Get(key) is not { } value)
        {
            return default;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(value, options);
        }
        catch (JsonException exception)
        {
            throw Malformed(key, value, isSecret, $"JSON of the shape of {typeof(T).Name} (see {exception.Path ?? "$"})");
        }
    }

    private T RequireObject<T>(string key, bool isSecret, JsonSerializerOptions? options) =>
        Get(key) is null ? throw Missing(key, isSecret) : ReadObject<T>(key, isSecret, options)!;

    private string FullKey(string key) => $"{_namespace}:{key}";

    private RunException Missing(string key, bool isSecret) => new(
        $"Configuration \"{FullKey(key)}\" is required and has no value. {Advice(key, isSecret)}");

    private RunException Malformed(string key, string value, bool isSecret, string expected) => new(
        $"Configuration \"{FullKey(key)}\" must be {expected}, but is {(isSecret || _values.IsSecret(FullKey(key)) ? "[secret]" : $"\"{value}\"")}. "
        + $"{Advice(key, isSecret)}");

    private string Advice(string key, bool isSecret) =>
        $"Set it with: pulumi config set {(isSecret ? "--secret " : "")}{FullKey(key)} <value> (or the same with ./provision).";
}
