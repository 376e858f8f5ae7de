using System.Diagnostics;
using System.Text;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Tests.Flakes;

public sealed class SecretScannerTests
{
    private const string Body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";

    [Theory]
    [InlineData("wifi.nix", """networking.wireless.networks."Our House".psk = "canary-birds";""")]
    [InlineData("wifi.nix", """  psk = lib.mkForce "canary-birds";""")]
    [InlineData("wifi.nix", """pskRaw = "06da5e931ced44deb315646056868061dc41fa9a0703456cedac038315357670";""")]
    [InlineData("wifi.nix", """# psk = "canary-birds";""")]
    [InlineData("wifi.nix", """psk = ''canary-birds'';""")]
    [InlineData("wifi.nix", "psk =\n  \"canary-birds\";")]
    [InlineData("wifi.nix", "environment.etc.\"x.nmconnection\".text = ''\n  [wifi-security]\n  psk=canary-birds\n'';", 3)]
    [InlineData("wifi.nix", "profiles.home = {\n  wifi.ssid = \"Our House\";\n  \"802-1x\" = {\n    identity = \"lamp\";\n    password = \"canary\";\n  };\n};", 5)]
    [InlineData("wifi.nix", """wifi-security = { key-mgmt = "wpa-psk"; psk = "canary-birds"; };""")]
    [InlineData("wifi.json", """{"ssid": "Our House", "psk": "canary-birds"}""")]
    [InlineData("home.nmconnection", "[wifi-security]\nkey-mgmt=wpa-psk\npsk=canary birds; \"and\" more", 3)]
    [InlineData("home.nmconnection", "[wifi-security]\nwep-key0=canary", 2)]
    [InlineData("home.nmconnection", "[802-1x]\nidentity=lamp\npassword=canary", 3)]
    [InlineData("wpa_supplicant.conf", "network={\n\tssid=\"Our House\"\n\t#psk=\"canary-birds\"\n}", 3)]
    [InlineData("wpa_supplicant.conf", "network={\n\tssid=\"Our House\"\n\tpsk=06da5e931ced44deb315646056868061dc41fa9a0703456cedac038315357670\n}", 3)]
    [InlineData("wpa_supplicant.conf", "\tsae_password=\"canary\"")]
    [InlineData("hostapd.conf", "wpa_passphrase=canary-birds")]
    [InlineData("Our House.psk", "[Security]\nPassphrase=canary-birds", 2)]
    [InlineData("Our House.psk", "[Security]\nPreSharedKey=06da5e931ced44deb315646056868061dc41fa9a0703456cedac038315357670", 2)]
    [InlineData("50-netplan.yaml", "wifis:\n  wlan0:\n    access-points:\n      \"Our House\":\n        password: \"canary-birds\"", 5)]
    [InlineData("custom.toml", "[wlan]\nssid = \"Our House\"\npassword = \"canary-birds\"", 3)]
    [InlineData("secrets.env", "HOME_PSK=canary-birds")]
    [InlineData("secrets.env", "export WIFI_PASSWORD=canary-birds")]
    [InlineData("join.sh", "nmcli device wifi connect 'Our House' password canary-birds")]
    [InlineData("hotspot.sh", "printf '%s\\n' ssid=lamp \"wpa_passphrase=canary-birds\" >\"$conf\"")]
    [InlineData("join.sh", "wpa_passphrase \"Our House\" canary-birds >/etc/wpa_supplicant.conf")]
    [InlineData("README.md", "Put `psk = \"canary-birds\"` there")]
    public void A_WiFi_password_is_found_in_the_forms_that_people_use(string path, string text, int line = 1) =>
        Scan(path, text).ShouldBe([(SecretKind.WifiPassword, line)]);

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\n" + Body + "\n-----END OPENSSH PRIVATE KEY-----", SecretKind.PrivateKey)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + Body + "\n", SecretKind.PrivateKey)]
    [InlineData("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + Body + "\n", SecretKind.PrivateKey)]
    [InlineData("""{"key": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"}""", SecretKind.PrivateKey)]
    [InlineData("PuTTY-User-Key-File-3: ssh-ed25519", SecretKind.PrivateKey)]
    [InlineData("AGE-SECRET-KEY-1QQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQPQQ", SecretKind.AgeKey)]
    [InlineData("PrivateKey = 4Hrlxk0GJoG7CmQ1Xv8cRTLg3mK4WtxyrCQJmVoaAEY=", SecretKind.WireGuardKey)]
    [InlineData("cache.lamp-1:" + Body + "AAAAAAAAAAAAAAAA==", SecretKind.NixSigningKey)]
    public void A_private_key_is_found_in_the_forms_that_tools_write(string text, object kind) =>
        Scan("key", "first\n" + text).ShouldBe([((SecretKind)kind, 2)]);

    [Theory]
    [InlineData("wifi.nix", """psk = config.sops.placeholder."wifi";""")]
    [InlineData("wifi.nix", """psk = "$HOME_PSK";""")]
    [InlineData("wifi.nix", """pskRaw = "ext:psk_home";""")]
    [InlineData("wifi.nix", """psk = "@PSK_HOME@";""")]
    [InlineData("wifi.example.nix", """psk = "YOUR_WIFI_PASSWORD";""")]
    [InlineData("wifi.nix", """psk = "";""")]
    [InlineData("wifi.nix", "psk =\n  config.sops.placeholder.wifi;")]
    [InlineData("wifi.nix", """key-mgmt = "wpa-psk";""")]
    [InlineData("wifi.nix", """pskFile = "/run/secrets/wifi";""")]
    [InlineData("wifi.nix", "psk = lib.mkOption { type = lib.types.str; };")]
    [InlineData("home.nmconnection", "[wifi-security]\npsk-flags=1")]
    [InlineData("join.sh", "nmcli device wifi connect \"$SSID\" password \"$PSK\"")]
    [InlineData("hotspot.sh", "printf '%s\\n' ssid=lamp \"wpa_passphrase=$2\" >\"$conf\"")]
    [InlineData("Scanner.cs", "private const string Begin = \"-----BEGIN OPENSSH PRIVATE KEY-----\";\nprivate const string End = \"…\";")]
    [InlineData("key.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f lamp")]
    [InlineData("nix.nix", "trusted-public-keys = [ \"cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\" ];")]
    [InlineData("users.nix", "password = import ./nothing.nix;")]
    [InlineData("README.md", "The passphrase: take one that nobody guesses")]
    public void What_stands_in_place_of_a_secret_is_none(string path, string text) => Scan(path, text).ShouldBeEmpty();

    [Fact]
    public void A_file_in_UTF16_is_read_too() =>
        SecretScanner.Scan(new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("x\npsk=canary-birds\n")]), "a.conf")
            .ShouldBe([(SecretKind.WifiPassword, 2)]);

    [Fact]
    public void A_huge_file_with_huge_lines_takes_no_memory_of_its_size()
    {
        const long size = 256L << 20;
        using var file = new Filler(size, "psk=canary-birds\n"u8.ToArray());
        var before = GC.GetTotalAllocatedBytes();
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;

        SecretScanner.Scan(file, "disk.img").ShouldHaveSingleItem();

        (Process.GetCurrentProcess().PeakWorkingSet64 - peak).ShouldBeLessThan(size / 2, $"{(GC.GetTotalAllocatedBytes() - before) >> 20} MiB were allocated in all");
    }

    private static IReadOnlyList<(SecretKind Kind, int Line)> Scan(string path, string text) =>
        SecretScanner.Scan(new MemoryStream(Encoding.UTF8.GetBytes(text)), path);

    /// <summary>Much of nothing, on one line, then a text.</summary>
    private sealed class Filler(long size, byte[] end) : MemoryStream
    {
        private long _left = size;
        private int _at;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            buffer[..count].Fill((byte)'.');
            _left -= count;
            if (count == 0)
            {
                count = Math.Min(end.Length - _at, buffer.Length);
                end.AsSpan(_at, count).CopyTo(buffer);
                _at += count;
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
