using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>Access tokens and passwords of other things than networks and hosts.</summary>
internal static partial class TokenPatterns
{
    /// <summary>Forms that only one service gives out: GitHub, GitLab, AWS, Slack, Tailscale, npm, PyPI, Docker, Hugging Face, Google, Anthropic, OpenAI.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_-])(?:gh[pousr]_(?<body>[A-Za-z0-9]{36,})|github_pat_(?<body>\w{60,})|gl(?:pat|rt|dt)-(?<body>[\w-]{20,})|(?:AKIA|ASIA)(?<body>[A-Z2-7]{16})|xox[abeprs]-(?<body>[\w-]{20,})|tskey-(?:auth|client|api)-(?<body>[\w-]{20,})|npm_(?<body>[A-Za-z0-9]{36})|pypi-(?<body>AgEI[\w-]{50,})|dckr_pat_(?<body>[\w-]{20,})|hf_(?<body>[A-Za-z]{34})|AIza(?<body>[\w-]{35})|sk-(?:ant-|proj-)?(?<body>[A-Za-z0-9_-]{40,}))(?![A-Za-z0-9])")]
    public static partial Regex ServiceToken();

    /// <summary>A signed token; cachix, attic and Kubernetes have such.</summary>
    [GeneratedRegex(@"(?<![\w-])eyJ[\w-]{10,}\.eyJ(?<body>[\w-]{10,}\.[\w-]{20,})")]
    public static partial Regex SignedToken();

    /// <summary>A login as .netrc has it, wherever it is written.</summary>
    [GeneratedRegex(@"(?:^|[\s""'])machine\s+\S+(?:\s+(?:login|account)\s+\S+)+\s+password\s+(?<value>\S+)")]
    public static partial Regex Netrc();

    /// <summary>Its last part alone, in a file of that name.</summary>
    [GeneratedRegex(@"(?:^|\s)password\s+(?<value>\S+)")]
    public static partial Regex NetrcPassword();

    /// <summary>A user and a password within an address.</summary>
    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]*://[^\s/:@""'<>$]+:(?<value>[^\s/@""'<>]+)@[\w\[]", RegexOptions.IgnoreCase)]
    public static partial Regex Address();

    /// <summary>A name that says password, token or key, and what stands behind it.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9-])(?:[A-Za-z0-9_.-]*?)(?<name>password|(?<!NO)passwd|passphrase|secret|token|api[-_]?key|access[-_]?key)(?<closed>[""']?)\s*(?<sign>[=:])\s*(?<value>.*)$",
        RegexOptions.IgnoreCase)]
    public static partial Regex Named();
}
