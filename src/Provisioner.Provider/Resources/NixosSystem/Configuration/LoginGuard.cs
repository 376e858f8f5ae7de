using System.Globalization;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>
/// Whether we could log into a system as we do now, by its configuration. What would lock us out is refused before anything is
/// touched; what the configuration does not say is a warning, because no two releases of NixOS have the same options. Pure.
/// </summary>
internal static class LoginGuard
{
    private const string Title = "login";

    /// <param name="flake">The configuration.</param>
    /// <param name="login">How we come in.</param>
    /// <param name="installs">It is the first installation, which takes root's authorized keys along.</param>
    public static IEnumerable<PreflightFinding> Of(ConfigurationFacts flake, Login login, bool installs)
    {
        var unknown = new List<string>();
        var locks = new List<string>();
        var doubts = new List<string>();
        Sshd(flake, login, unknown, locks, doubts);
        if (login.User is { } user)
        {
            User(flake, user, unknown, locks, doubts);
            if (flake.Ssh.Enable != false)
            {
                // Where sshd is off, its module says nothing of the files that it would read.
                Keys(flake, login, user, installs, locks, doubts);
            }
        }
        else if (!login.IsLocal)
        {
            doubts.AddRange(Anybody(flake));
        }

        Firewall(flake, login, unknown, locks, doubts);
        foreach (var text in locks)
        {
            // Who comes into the machine that a disk is attached to says nothing about who will come into what is on the disk.
            yield return login.IsLocal ? PreflightFinding.Warning(Title, text) : PreflightFinding.Blocker(Title, text);
        }

        foreach (var text in doubts)
        {
            yield return PreflightFinding.Warning(Title, text);
        }

        if (unknown.Count > 0)
        {
            yield return PreflightFinding.Warning(Title, $"whether we can log in afterwards is not known altogether, because the configuration does not say: {string.Join(", ", unknown)}");
        }
    }

    /// <summary>Before there is an address it is not known who logs in: root, or one who becomes root without a password, has to be able to.</summary>
    private static IEnumerable<string> Anybody(ConfigurationFacts flake)
    {
        if (flake.Ssh.Enable == false || flake.Users is null)
        {
            return [];
        }

        var asRoot = new List<string>();
        User(flake, "root", [], asRoot, []);
        if (asRoot.Count == 0)
        {
            return [];
        }

        var others = flake.Users.Keys.Where(name => name != "root").Order(StringComparer.Ordinal).Where(name =>
        {
            var locks = new List<string>();
            User(flake, name, [], locks, []);
            return locks.Count == 0;
        }).ToList();
        var who = others.Count > 0
            ? $"{string.Join(", ", others)} could, by sudo: name one in the device's address"
            : "no other user of it both may log in and becomes root without a password (security.sudo.wheelNeedsPassword, security.sudo.extraRules)";
        return asRoot.Select(text => $"when the device's address names no other user than root: {text}; {who}");
    }

    private static void Sshd(ConfigurationFacts flake, Login login, List<string> unknown, List<string> locks, List<string> doubts)
    {
        var ssh = flake.Ssh;
        if (ssh.Enable is null)
        {
            unknown.Add("services.openssh.enable");
        }
        else if (ssh.Enable == false)
        {
            locks.Add("sshd is off in it, so nobody could log in; set services.openssh.enable = true;");
            return;
        }

        if (ssh.Enable == true && Listens(ssh) is null)
        {
            unknown.Add("services.openssh.ports");
        }
        else if (IsDeaf(ssh, login, out var port, out var listens))
        {
            locks.Add(Invariant($"its sshd listens on port {string.Join(", ", listens)}, and the device takes us in on port {port}; set services.openssh.ports = [ {port} ];"));
        }

        if (ssh.PubkeyAuthentication == "no")
        {
            locks.Add("its sshd takes no keys (PubkeyAuthentication = \"no\"), and we have nothing else; set services.openssh.settings.PubkeyAuthentication = true;");
        }

        if (ssh.AuthenticationMethods is { Count: > 0 } methods && !methods.Any(method => method == "any" || method.Split(',').All(part => part == "publickey")))
        {
            locks.Add($"its sshd asks for more than a key (AuthenticationMethods = \"{string.Join(' ', methods)}\"); set services.openssh.settings.AuthenticationMethods = \"publickey\";");
        }

        if (ssh.HasMore)
        {
            doubts.Add("services.openssh.extraConfig has rules about who may log in, which are not judged here; see that they let us in");
        }
    }

    private static void User(ConfigurationFacts flake, string user, List<string> unknown, List<string> locks, List<string> doubts)
    {
        var ssh = flake.Ssh;
        var groups = flake.Users?.GetValueOrDefault(user)?.Groups;
        if (ssh.AllowUsers is { Count: > 0 } allowed && !allowed.Any(pattern => Fits(pattern, user)))
        {
            locks.Add($"its sshd lets in {string.Join(", ", allowed)} only (AllowUsers), and we log in as {user}; add \"{user}\" to services.openssh.settings.AllowUsers");
        }

        if (ssh.DenyUsers is { } denied && denied.Any(pattern => Fits(pattern, user)))
        {
            locks.Add($"its sshd refuses {user} (DenyUsers), as whom we log in; take it from services.openssh.settings.DenyUsers");
        }

        if (ssh.AllowGroups is { Count: > 0 } allowedGroups && groups is not null && !allowedGroups.Any(pattern => groups.Any(group => Fits(pattern, group))))
        {
            locks.Add($"its sshd lets in the groups {string.Join(", ", allowedGroups)} only (AllowGroups), and {user}, as whom we log in, is in {string.Join(", ", groups.Distinct())}; add one of these to services.openssh.settings.AllowGroups");
        }

        if (ssh.DenyGroups is { } deniedGroups && groups is not null && deniedGroups.FirstOrDefault(pattern => groups.Any(group => Fits(pattern, group))) is { } deniedGroup)
        {
            locks.Add($"its sshd refuses the group {deniedGroup} (DenyGroups), to which {user} belongs, as whom we log in; take it from services.openssh.settings.DenyGroups");
        }

        if (flake.Users is null)
        {
            unknown.Add($"users.users.{user}");
        }
        else if (flake.Users.GetValueOrDefault(user) is not { Enabled: not false } account)
        {
            locks.Add($"it has no user {user} who could log in, as whom we do; set users.users.{user} = {{ isNormalUser = true; extraGroups = [ \"wheel\" ]; }}; with our key in openssh.authorizedKeys.keys, or log in as another one: name it in the device's address");
            return;
        }
        else
        {
            Account(flake, user, account, locks);
        }

        if (user != "root")
        {
            Sudo(flake, user, groups, unknown, locks, doubts);
        }
        else if (ssh.PermitRootLogin is null)
        {
            unknown.Add("services.openssh.settings.PermitRootLogin");
        }
        else if (ssh.PermitRootLogin is "no" or "forced-commands-only")
        {
            locks.Add(
                $"its sshd does not let in root (PermitRootLogin = \"{ssh.PermitRootLogin}\"), as whom we log in; set services.openssh.settings.PermitRootLogin = \"prohibit-password\"; "
                + "or log in as a user with sudo, from the card on: name it in the device's address");
        }
    }

    private static void Account(ConfigurationFacts flake, string user, UserFacts account, List<string> locks)
    {
        if (account.Shell is { } shell && (shell.Contains("nologin", StringComparison.Ordinal) || shell.EndsWith("/false", StringComparison.Ordinal)))
        {
            locks.Add($"{user}, as whom we log in, has the shell {shell}, which lets nobody work; set users.users.{user}.shell = pkgs.bashInteractive;");
        }

        if (account.IsLocked && flake.Ssh.UsePam == false)
        {
            locks.Add($"the account {user}, as whom we log in, is locked (its password is \"!\"), and sshd refuses such ones without PAM; set services.openssh.settings.UsePAM = true; or users.users.{user}.hashedPassword = \"*\";");
        }
    }

    /// <summary>Everything on the device is done by sudo -n where we are not root.</summary>
    private static void Sudo(ConfigurationFacts flake, string user, IReadOnlyList<string>? groups, List<string> unknown, List<string> locks, List<string> doubts)
    {
        var sudo = flake.Sudo;
        if (sudo.Enable is null)
        {
            unknown.Add("security.sudo.enable");
            return;
        }

        if (sudo.Enable == false)
        {
            locks.Add($"it has no sudo, through which {user} works; set security.sudo.enable = true; (doas is not used)");
            return;
        }

        var isWheel = groups?.Contains("wheel") ?? false;
        var free = sudo.Rules is { } rules
            ? rules.LastOrDefault(rule => rule.All && (rule.Users?.Any(each => each == user || each == "ALL") == true || rule.Groups?.Any(each => groups?.Contains(each) == true) == true))?.WithoutPassword
            : isWheel ? !sudo.WheelNeedsPassword : null;
        if (free == true)
        {
            return;
        }

        if (free is null && sudo.Rules is null)
        {
            unknown.Add("security.sudo.extraRules");
            return;
        }

        var text = free is null
            ? $"{user}, as whom we log in, may not become root by its sudo; set users.users.{user}.extraGroups = [ \"wheel\" ]; and security.sudo.wheelNeedsPassword = false;"
            : $"its sudo asks {user} for a password, as whom we log in, and there is nobody to type it; set {(isWheel ? "security.sudo.wheelNeedsPassword = false;" : $"security.sudo.extraRules = [ {{ users = [ \"{user}\" ]; commands = [ {{ command = \"ALL\"; options = [ \"NOPASSWD\" ]; }} ]; }} ];")}";
        (sudo.HasMore ? doubts : locks).Add(sudo.HasMore ? $"unless security.sudo.extraConfig says otherwise: {text}" : text);
    }

    private static void Keys(ConfigurationFacts flake, Login login, string user, bool installs, List<string> locks, List<string> doubts)
    {
        if (flake.Users?.GetValueOrDefault(user) is not { Enabled: not false } account || account.Keys is null)
        {
            return;
        }

        var files = flake.Ssh.AuthorizedKeysFiles;
        var inStore = files is null || files.Any(file => file.StartsWith("/etc/ssh/authorized_keys.d/", StringComparison.Ordinal)) ? account.Keys.Select(Login.BlobOf).OfType<string>().ToList() : [];
        var readsHome = files is null || files.Any(file => file is "%h/.ssh/authorized_keys" or ".ssh/authorized_keys" || file == $"{account.Home}/.ssh/authorized_keys");

        // What is in the home now is there afterwards: a first installation takes it along, and a switch leaves it alone.
        var atHome = readsHome ? login.AtHome : [];
        var isLetIn = login.Ours.IsEmpty
            ? inStore.Count > 0 || !atHome.IsEmpty || (readsHome && !login.IsSeen)
            : login.Ours.Any(key => inStore.Contains(key) || atHome.Contains(key)) || (readsHome && !login.IsSeen && installs);
        if (isLetIn)
        {
            return;
        }

        var line = login.Ours.FirstOrDefault() is { } own ? $"\"{Login.LineOf(own)}\"" : "\"ssh-ed25519 AAAA…\"";
        var why = inStore.Count == 0 ? "has no key for it" : "has other keys for it than ours";
        var home = readsHome ? "" : ", and its sshd does not read ~/.ssh/authorized_keys (services.openssh.authorizedKeysInHomedir)";
        var text = $"we log in as {user}, and the configuration {why}{home}; set users.users.{user}.openssh.authorizedKeys.keys = [ {line} ];";
        var hasMore = account.HasMoreKeys || flake.Ssh.AuthorizedKeysCommand is not (null or "none" or "");
        (hasMore ? doubts : locks).Add(hasMore ? $"unless a key that is fetched or asked for lets us in: {text}" : text);
    }

    private static void Firewall(ConfigurationFacts flake, Login login, List<string> unknown, List<string> locks, List<string> doubts)
    {
        var firewall = flake.Firewall;
        if (firewall.HasOwnRules)
        {
            doubts.Add("it has nftables rules of its own (networking.nftables without networking.firewall), which are not judged here; see that they let in SSH");
        }

        if (firewall.Enable is null)
        {
            unknown.Add("networking.firewall.enable");
            return;
        }

        // A port on which nobody listens is told of already.
        if (firewall.Enable == false || flake.Ssh.Enable == false || IsDeaf(flake.Ssh, login, out _, out _) || (login.Port ?? Listens(flake.Ssh)?.FirstOrDefault()) is not { } port || port == 0)
        {
            return;
        }

        if (firewall.Has(port)
            || (login.Interface is { } name && (firewall.Trusted?.Contains(name) == true || firewall.Interfaces?.GetValueOrDefault(name)?.Has(port) == true))
            || (login.Interface is null && firewall.Interfaces?.Any(each => each.Value.Has(port)) == true))
        {
            return;
        }

        if (firewall.Ports is null)
        {
            unknown.Add("networking.firewall.allowedTCPPorts");
            return;
        }

        var text = Invariant($"its firewall lets nobody in on port {port}, on which we come; set services.openssh.openFirewall = true; or networking.firewall.allowedTCPPorts = [ {port} ];");
        (firewall.HasMore ? doubts : locks).Add(firewall.HasMore ? $"unless its extra rules do: {text}" : text);
    }

    private static bool IsDeaf(SshFacts ssh, Login login, out int port, out List<int> listens)
    {
        listens = Listens(ssh) ?? [];
        port = login.Port ?? 0;
        return port > 0 && listens.Count > 0 && !listens.Contains(port);
    }

    /// <summary>The ports on which sshd listens; null when they are not known.</summary>
    private static List<int>? Listens(SshFacts ssh) => ssh.Ports is null ? null
        : ssh.ListenPorts is not { Count: > 0 } addresses ? [.. ssh.Ports]
        : [.. addresses.SelectMany(port => port is { } own ? [own] : ssh.Ports).Distinct()];

    /// <summary>sshd's patterns: * and ?, and behind @ a host, from which we may come or not.</summary>
    private static bool Fits(string pattern, string name) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Split('@')[0].Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
