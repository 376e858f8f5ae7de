using System.Text;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>The simulated house router's access point. It is hardware: what is set stays set when the Pi is switched off.</summary>
public sealed class AccessPoint
{
    private const string Tool = "/run/virtual-pi/access-point";
    private readonly PiMachine _machine;
    private readonly MachineFolder _folder;

    internal AccessPoint(PiMachine machine, MachineFolder folder)
    {
        _machine = machine;
        _folder = folder;
    }

    /// <summary>Gives the network another name or password, as somebody in the house would. Who was connected is thrown out.</summary>
    public async Task SetAsync(HouseWifi wifi, CancellationToken cancellationToken = default)
    {
        wifi.Check();
        await ApplyAsync("set", $"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(wifi.Ssid))}\n{wifi.Password}\n", cancellationToken);
        Keep(wifi);
    }

    /// <summary>Switches it on.</summary>
    public async Task OnAsync(CancellationToken cancellationToken = default)
    {
        await ApplyAsync("on", null, cancellationToken);
        KeepRadio(on: true);
    }

    /// <summary>Switches it off: whoever was connected hears nothing any more.</summary>
    public async Task OffAsync(CancellationToken cancellationToken = default)
    {
        await ApplyAsync("off", null, cancellationToken);
        KeepRadio(on: false);
    }

    internal void Keep(HouseWifi wifi)
    {
        PrivateFiles.Write(_folder.SsidFile, wifi.Ssid);
        PrivateFiles.Write(_folder.PasswordFile, wifi.Password);
    }

    internal void KeepRadio(bool on) => PrivateFiles.Write(_folder.RadioFile, on ? "on" : "off");

    internal HouseWifi Kept() => new(File.ReadAllText(_folder.SsidFile), File.ReadAllText(_folder.PasswordFile));

    internal bool IsMeantToBeOn => File.ReadAllText(_folder.RadioFile) == "on";

    private async Task ApplyAsync(string command, string? input, CancellationToken cancellationToken)
    {
        if (_machine.IsOn)
        {
            (await _machine.RunAsync($"{Tool} {command}", input, cancellationToken)).Succeeded();
        }
    }
}
